//! The tables: which parameters an endpoint takes, in the order of its documentation.

/// What the ids of an endpoint name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Cryptocurrency,
    Exchange,
}

impl Noun {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Cryptocurrency => "cryptocurrency",
            Self::Exchange => "exchange",
        }
    }
}

/// How a value must look.
#[derive(Debug)]
pub(crate) enum Kind {
    /// Numeric ids, at most so many.
    Ids(Noun, usize),
    /// Numeric ids of currencies that may stand beside `convert`.
    CurrencyIds,
    Slugs(Noun),
    /// Symbols, at most so many.
    Symbols(usize),
    Integer(f64, f64),
    Number(f64, f64),
    Flag,
    Choice(&'static [&'static str]),
    Choices(&'static [&'static str]),
    Aux(&'static [&'static str]),
    /// An instant: ISO-8601 or Unix seconds.
    Time,
    /// An instant: ISO-8601 in full, with its `Z`.
    FullTime,
    Text,
}

/// One parameter.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
}

/// One endpoint's table, and the group of which one must be present.
#[derive(Debug)]
pub(crate) struct Spec {
    pub(crate) params: &'static [Param],
    pub(crate) one_of: &'static [&'static str],
}

pub(super) const MANY: usize = usize::MAX;
pub(super) const COIN: Noun = Noun::Cryptocurrency;
const LARGEST: f64 = 1e17;
const CURRENCY_COUNT: Kind = Kind::Number(0.0, LARGEST);

pub(super) const fn optional(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, is_required: false }
}

pub(super) const fn required(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, is_required: true }
}

pub(super) const fn start() -> Param {
    optional("start", Kind::Integer(1.0, f64::MAX))
}

pub(super) const fn limit() -> Param {
    optional("limit", Kind::Integer(1.0, 5000.0))
}

pub(super) const fn convert() -> Param {
    optional("convert", Kind::Symbols(MANY))
}

pub(super) const fn convert_id() -> Param {
    optional("convert_id", Kind::Ids(COIN, MANY))
}

pub(super) const fn ids() -> Param {
    optional("id", Kind::Ids(COIN, MANY))
}

pub(super) const fn slugs() -> Param {
    optional("slug", Kind::Slugs(COIN))
}

pub(super) const fn symbols() -> Param {
    optional("symbol", Kind::Symbols(MANY))
}

pub(super) const fn skip_invalid() -> Param {
    optional("skip_invalid", Kind::Flag)
}

const fn amount_range(name: &'static str) -> Param {
    optional(name, CURRENCY_COUNT)
}

/// Listings: everything a coin may carry besides its core.
pub(crate) const LISTING_AUX: &[&str] = &[
    "num_market_pairs",
    "cmc_rank",
    "date_added",
    "tags",
    "platform",
    "max_supply",
    "circulating_supply",
    "total_supply",
    "market_cap_by_total_supply",
    "volume_24h_reported",
    "volume_7d",
    "volume_7d_reported",
    "volume_30d",
    "volume_30d_reported",
    "is_market_cap_included_in_calc",
];
/// Quotes: the same and two more.
pub(crate) const QUOTE_AUX: &[&str] = &[
    "num_market_pairs",
    "cmc_rank",
    "date_added",
    "tags",
    "platform",
    "max_supply",
    "circulating_supply",
    "total_supply",
    "market_cap_by_total_supply",
    "volume_24h_reported",
    "volume_7d",
    "volume_7d_reported",
    "volume_30d",
    "volume_30d_reported",
    "is_market_cap_included_in_calc",
    "is_active",
    "is_fiat",
];
const INFO_AUX: &[&str] =
    &["urls", "logo", "description", "tags", "platform", "date_added", "notice", "status"];
const MAP_AUX: &[&str] =
    &["platform", "first_historical_data", "last_historical_data", "is_active", "status"];
const LISTING_STATUS: Kind = Kind::Choices(&["active", "inactive", "untracked"]);
const LISTING_SORT: Kind = Kind::Choice(&[
    "market_cap",
    "market_cap_strict",
    "name",
    "symbol",
    "date_added",
    "price",
    "circulating_supply",
    "total_supply",
    "max_supply",
    "num_market_pairs",
    "volume_24h",
    "volume_7d",
    "volume_30d",
    "percent_change_1h",
    "percent_change_24h",
    "percent_change_7d",
    "market_cap_by_total_supply_strict",
]);

pub(crate) const NOTHING: Spec = Spec { params: &[], one_of: &[] };

pub(crate) const MAP: Spec = Spec {
    params: &[
        optional("listing_status", LISTING_STATUS),
        start(),
        limit(),
        optional("sort", Kind::Choice(&["id", "cmc_rank"])),
        symbols(),
        optional("aux", Kind::Aux(MAP_AUX)),
    ],
    one_of: &[],
};

pub(crate) const INFO: Spec = Spec {
    params: &[
        ids(),
        slugs(),
        symbols(),
        optional("address", Kind::Text),
        skip_invalid(),
        optional("aux", Kind::Aux(INFO_AUX)),
    ],
    one_of: &["id", "slug", "symbol", "address"],
};

pub(crate) const QUOTES: Spec = Spec {
    params: &[
        ids(),
        slugs(),
        symbols(),
        convert(),
        convert_id(),
        optional("aux", Kind::Aux(QUOTE_AUX)),
        skip_invalid(),
    ],
    one_of: &["id", "slug", "symbol"],
};

pub(crate) const LISTINGS_V1: Spec = Spec {
    params: &[
        start(),
        limit(),
        amount_range("price_min"),
        amount_range("price_max"),
        amount_range("market_cap_min"),
        amount_range("market_cap_max"),
        amount_range("volume_24h_min"),
        amount_range("volume_24h_max"),
        amount_range("circulating_supply_min"),
        amount_range("circulating_supply_max"),
        optional("percent_change_24h_min", Kind::Number(-100.0, f64::MAX)),
        optional("percent_change_24h_max", Kind::Number(-100.0, f64::MAX)),
        amount_range("self_reported_circulating_supply_min"),
        amount_range("self_reported_circulating_supply_max"),
        amount_range("self_reported_market_cap_min"),
        amount_range("self_reported_market_cap_max"),
        amount_range("unlocked_market_cap_min"),
        amount_range("unlocked_market_cap_max"),
        amount_range("unlocked_circulating_supply_min"),
        amount_range("unlocked_circulating_supply_max"),
        convert(),
        convert_id(),
        optional("sort", LISTING_SORT),
        optional("sort_dir", Kind::Choice(&["asc", "desc"])),
        optional("cryptocurrency_type", Kind::Choice(&["all", "coins", "tokens"])),
        optional("tag", Kind::Choice(&["all", "defi", "filesharing"])),
        optional("aux", Kind::Aux(LISTING_AUX)),
    ],
    one_of: &[],
};

pub(crate) const LISTINGS_V3: Spec = Spec {
    params: &[
        start(),
        limit(),
        amount_range("price_min"),
        amount_range("price_max"),
        amount_range("market_cap_min"),
        amount_range("market_cap_max"),
        amount_range("volume_24h_min"),
        amount_range("volume_24h_max"),
        amount_range("circulating_supply_min"),
        amount_range("circulating_supply_max"),
        optional("percent_change_24h_min", Kind::Number(-100.0, f64::MAX)),
        optional("percent_change_24h_max", Kind::Number(-100.0, f64::MAX)),
        convert(),
        convert_id(),
        optional("sort", LISTING_SORT),
        optional("sort_dir", Kind::Choice(&["asc", "desc"])),
        optional("cryptocurrency_type", Kind::Choice(&["all", "coins", "tokens"])),
        optional("tag", Kind::Text),
        optional("aux", Kind::Aux(LISTING_AUX)),
    ],
    one_of: &[],
};

pub(crate) const SIMPLE_V1: Spec = Spec {
    params: &[
        required("ids", Kind::Ids(COIN, 50)),
        optional("include_market_cap", Kind::Flag),
        optional("include_volume_24h", Kind::Flag),
        optional("include_percent_change_24h", Kind::Flag),
        optional("include_last_updated", Kind::Flag),
    ],
    one_of: &[],
};

pub(crate) const SIMPLE_V2: Spec = Spec {
    params: &[
        ids(),
        slugs(),
        symbols(),
        convert(),
        convert_id(),
        optional("include_market_cap", Kind::Flag),
        optional("include_24h_volume", Kind::Flag),
        optional("include_24h_change", Kind::Flag),
        optional("include_last_updated", Kind::Flag),
        optional("include_all", Kind::Flag),
        optional("precision", Kind::Integer(0.0, f64::MAX)),
        skip_invalid(),
    ],
    one_of: &["id", "slug", "symbol"],
};

pub(crate) const GLOBAL: Spec = Spec { params: &[convert(), convert_id()], one_of: &[] };

pub(crate) const FIAT_MAP: Spec = Spec {
    params: &[
        start(),
        limit(),
        optional("sort", Kind::Choice(&["id", "name"])),
        optional("include_metals", Kind::Flag),
    ],
    one_of: &[],
};

pub(crate) const CONVERSION: Spec = Spec {
    params: &[
        required("amount", Kind::Number(1e-8, 1e12)),
        optional("id", Kind::Ids(COIN, 1)),
        optional("symbol", Kind::Symbols(1)),
        optional("time", Kind::Time),
        convert(),
        convert_id(),
    ],
    one_of: &["id", "symbol"],
};

pub(crate) const EXCHANGE_MAP: Spec = Spec {
    params: &[
        optional("listing_status", LISTING_STATUS),
        optional("slug", Kind::Slugs(Noun::Exchange)),
        start(),
        limit(),
        optional("sort", Kind::Choice(&["id", "volume_24h"])),
        optional("aux", Kind::Aux(EXCHANGE_MAP_AUX)),
        optional("crypto_id", Kind::Ids(COIN, MANY)),
    ],
    one_of: &[],
};
const EXCHANGE_MAP_AUX: &[&str] =
    &["first_historical_data", "last_historical_data", "is_active", "status"];

pub(crate) const EXCHANGE_INFO: Spec = Spec {
    params: &[
        optional("id", Kind::Ids(Noun::Exchange, MANY)),
        optional("slug", Kind::Slugs(Noun::Exchange)),
        optional("aux", Kind::Aux(EXCHANGE_INFO_AUX)),
    ],
    one_of: &["id", "slug"],
};
const EXCHANGE_INFO_AUX: &[&str] =
    &["urls", "logo", "description", "date_launched", "notice", "status"];
