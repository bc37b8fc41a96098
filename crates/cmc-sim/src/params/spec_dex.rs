//! The tables of decentralised exchanges.

use super::spec::{Kind, Param, Spec, limit, optional, required, start};

/// Latest instant that is taken, in milliseconds.
const TIME_MAX: f64 = 1e14;

pub(super) const fn text(name: &'static str) -> Param {
    optional(name, Kind::Text)
}

pub(super) const fn whole(name: &'static str, most: f64) -> Param {
    optional(name, Kind::Integer(1.0, most))
}

const fn instant(name: &'static str) -> Param {
    optional(name, Kind::Integer(0.0, TIME_MAX))
}

pub(super) const fn amount(name: &'static str) -> Param {
    optional(name, Kind::Number(0.0, f64::MAX))
}

const fn way() -> Param {
    optional("sortType", Kind::Choice(&["desc", "asc"]))
}

pub(crate) const TOKEN: Spec = Spec {
    params: &[required("platform", Kind::Text), required("address", Kind::Text)],
    one_of: &[],
};

pub(crate) const POOLS: Spec = Spec {
    params: &[
        required("platform", Kind::Text),
        required("address", Kind::Text),
        whole("size", 100.0),
    ],
    one_of: &[],
};

pub(crate) const SEARCH: Spec = Spec {
    params: &[
        required("q", Kind::Text),
        text("platform"),
        optional("sort", Kind::Choice(&["volume24h", "liquidity", "marketCap"])),
        whole("limit", 100.0),
        text("code"),
    ],
    one_of: &[],
};

pub(crate) const SECURITY: Spec = Spec {
    params: &[required("platformName", Kind::Text), required("address", Kind::Text)],
    one_of: &[],
};

pub(crate) const PLATFORM: Spec =
    Spec { params: &[required("platformName", Kind::Text)], one_of: &[] };

pub(crate) const TAPE: Spec = Spec {
    params: &[
        required("platform", Kind::Text),
        required("address", Kind::Text),
        whole("type", 2.0),
        text("types"),
        text("maker"),
        optional("sortBy", Kind::Choice(&["time"])),
        way(),
        instant("startTime"),
        instant("endTime"),
        amount("minVolume"),
        amount("maxVolume"),
        text("lastId"),
        whole("limit", 100.0),
        text("version"),
    ],
    one_of: &[],
};

pub(crate) const LIQUIDITY: Spec = Spec {
    params: &[
        required("platform", Kind::Text),
        required("address", Kind::Text),
        text("interval"),
        whole("limit", 500.0),
        instant("to"),
        optional("needLatest", Kind::Flag),
    ],
    one_of: &[],
};

pub(crate) const HOLDERS: Spec = Spec {
    params: &[required("platform", Kind::Text), required("tokenAddress", Kind::Text)],
    one_of: &[],
};

pub(crate) const HOLDERS_TREND: Spec = Spec {
    params: &[
        required("platform", Kind::Text),
        required("tokenAddress", Kind::Text),
        text("interval"),
        instant("from"),
        instant("to"),
        whole("limit", 500.0),
    ],
    one_of: &[],
};

pub(crate) const CANDLES: Spec = Spec {
    params: &[
        required("platform", Kind::Text),
        required("address", Kind::Text),
        required("interval", Kind::Text),
        instant("from"),
        instant("to"),
        optional("unit", Kind::Choice(&["usd", "native", "quote"])),
        whole("limit", 1_000.0),
        optional("pm", Kind::Choice(&["p", "m"])),
    ],
    one_of: &[],
};

pub(crate) const MULTIPLIER: Spec = Spec {
    params: &[
        text("platform"),
        optional("platform_id", Kind::Integer(0.0, 1e9)),
        text("token_address"),
        start(),
        limit(),
    ],
    one_of: &[],
};
