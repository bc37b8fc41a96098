//! Every key there is: its kind and its meaning.

use cmc_api::CacheClass;

use super::tiers::TIERS;
use crate::events::Kind as EventKind;

/// What kind of value a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Taken as it is, whatever it looks like.
    Text,
    /// As text, and never repeated in an error.
    Secret,
    /// A number, a length, a size or a truth value.
    Value,
    /// Names with commas between them.
    List,
    /// As a list, and never repeated in an error.
    Secrets,
}

/// A key that can be set. In a name, `<class>`, `<kind>`, `<name>` stand for one of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Dotted, as `--set` takes it.
    pub key: &'static str,
    /// What it does.
    pub meaning: &'static str,
    pub(super) kind: Kind,
}

impl Kind {
    /// What it must be, where what it is must not be repeated.
    pub(super) const fn secret(self) -> Option<&'static str> {
        match self {
            Self::Secret => Some("it must be a text in quotes"),
            Self::Secrets => Some("it must be a list of texts in quotes"),
            Self::Text | Self::Value | Self::List => None,
        }
    }
}

const fn setting(key: &'static str, kind: Kind, meaning: &'static str) -> Setting {
    Setting { key, meaning, kind }
}

const SETTINGS: [Setting; 85] = [
    setting("preset", Kind::Text, "set of defaults: `cadence` follows the API, `guide` its guide"),
    setting("listen", Kind::Text, "address of the gateway; off loopback, `clients` is required"),
    setting("data_dir", Kind::Text, "folder of books and database; empty: nothing is kept"),
    setting("upstream.url", Kind::Text, "base URL of the paid API"),
    setting("upstream.key", Kind::Secret, "the paid key; usually from `CMC_PRO_API_KEY`"),
    setting("upstream.keyless", Kind::Value, "send no key; `/public-api` takes none anyway"),
    setting("upstream.timeout", Kind::Value, "for one attempt, from sending to the last byte"),
    setting("upstream.retries", Kind::Value, "attempts after the first"),
    setting("upstream.retry_delay", Kind::Value, "the first pause before a retry; it doubles"),
    setting("upstream.connections", Kind::Value, "connections at most"),
    setting(
        "upstream.boarding_window",
        Kind::Value,
        "how long the first asker of something missing waits for others to share its call",
    ),
    setting(
        "upstream.catalogue",
        Kind::Text,
        "file of a newer catalogue of operations; empty: the built-in one",
    ),
    setting("freshness.<class>", Kind::Value, "maximum age served while upstream is well"),
    setting("freshness.stale_if_error", Kind::Value, "how old when fetching fails"),
    setting("freshness.jitter", Kind::Value, "up to this much is taken off each life by chance"),
    setting(
        "tiers",
        Kind::List,
        "the tiers, nearest first: `memory`, `sqlite`, `redis`, `valkey`, `memcached`, `mysql`, \
         `mariadb`, `postgres`",
    ),
    setting(
        "tiers_read",
        Kind::Text,
        "beyond memory, `ordered`: one tier after the other; `race`: all at once, the first wins",
    ),
    setting("tiers.<name>.url", Kind::Secret, "where the tier is; embedded ones take none"),
    setting("tiers.<name>.urls", Kind::Secrets, "several places of one tier"),
    setting("tiers.<name>.retention", Kind::Value, "how long the tier keeps an entry at most"),
    setting("tiers.<name>.deadline", Kind::Value, "how long the tier may take to answer"),
    setting("tiers.<name>.max_bytes", Kind::Value, "how much memory may hold: `256MiB`"),
    setting("tiers.<name>.max_value_bytes", Kind::Value, "larger entries are not kept there"),
    setting(
        "tiers.<name>.shadow",
        Kind::Value,
        "it gets every write and gives no answer: for moving between stores",
    ),
    setting("tiers.<name>.connections", Kind::Value, "connections at most, to each server"),
    setting("tiers.<name>.prefix", Kind::Text, "before every name in a store that others use too"),
    setting("tiers.<name>.compress_min_bytes", Kind::Value, "smaller entries are not compressed"),
    setting("tiers.<name>.ca_file", Kind::Text, "certificates to trust for TLS, as PEM"),
    setting("tiers.<name>.sentinel_master", Kind::Text, "the places are sentinels of this master"),
    setting("tiers.<name>.cluster", Kind::Value, "one place is the beginning of a cluster, too"),
    setting(
        "tiers.<name>.tracking",
        Kind::Value,
        "the server tells of changes, whoever made them, besides what instances tell",
    ),
    setting(
        "ledger.url",
        Kind::Secret,
        "books that instances share: `mysql://…` or `postgres://…`; empty: those of `data_dir`",
    ),
    setting("ledger.reports_url", Kind::Secret, "a replica of it, where reports are read"),
    setting("ledger.retention", Kind::Value, "months for which charges stay on record: `13mo`"),
    setting("demand.record", Kind::Value, "whether what is asked is recorded, for what-ifs"),
    setting("demand.retention", Kind::Value, "how long that record is kept"),
    setting("demand.max_bytes", Kind::Value, "how large it may be; then the oldest days go"),
    setting(
        "shared.leases",
        Kind::Text,
        "where instances agree on who loads: `auto`, `off`, or the name of a tier",
    ),
    setting(
        "shared.clients",
        Kind::Text,
        "file of the clients of `cmcache client`; empty: `clients.toml` in `data_dir`",
    ),
    setting("shared.notes", Kind::Text, "whether they tell each other of changes: `auto`, `off`"),
    setting(
        "shared.meter",
        Kind::Text,
        "where instances count one budget: `auto`, `off` (each has its own), `ledger` (the \
         database of `ledger.url`), or the name of a tier",
    ),
    setting(
        "admin.token",
        Kind::Secret,
        "for acting on a running gateway; off loopback nobody acts without it",
    ),
    setting("budget.month", Kind::Value, "credits a billing month, besides the plan's limit"),
    setting("budget.day", Kind::Value, "credits a day, UTC"),
    setting("budget.minute", Kind::Value, "calls a minute, besides the plan's limit"),
    setting(
        "budget.policy",
        Kind::Text,
        "of a shared budget: `lease` draws from a block leased ahead, also for a minute after the \
         store died; `closed` asks for each call; `open` goes on uncounted when nobody counts",
    ),
    setting("budget.lease", Kind::Value, "credits of such a block at most; near a limit, fewer"),
    setting("pace.mode", Kind::Text, "`on`: ages grow when the plan would not last; or `off`"),
    setting(
        "pace.max_age.<class>",
        Kind::Value,
        "the oldest age that is served to make the plan last; an hour unless set",
    ),
    setting("pace.reserve", Kind::Value, "percent of the limit held back for the unexpected"),
    setting(
        "pace.essential",
        Kind::Value,
        "percent of the limit that only essential clients may spend, where there are any",
    ),
    setting(
        "pace.shrink",
        Kind::Value,
        "what would be left over buys answers younger than `freshness`, down to the cadence",
    ),
    setting(
        "pace.client_max_age",
        Kind::Text,
        "a client's `max-age` while ages are stretched: `honour`, down to `freshness`, or `ignore`",
    ),
    setting("clients.<name>", Kind::Secret, "the token of a client; also `CMCACHE_CLIENTS`"),
    setting("quotas.<name>.month", Kind::Value, "credits a billing month for that client"),
    setting("quotas.<name>.day", Kind::Value, "credits a day for that client, UTC"),
    setting("quotas.<name>.minute", Kind::Value, "requests a minute for that client, hits too"),
    setting(
        "quotas.<name>.priority",
        Kind::Text,
        "`low`, `normal` or `essential`: who goes on spending when the budget is short",
    ),
    setting(
        "quotas.<name>.reserved",
        Kind::Text,
        "the part of the budget that all others leave to that client: `20%`",
    ),
    setting("events.<kind>", Kind::Value, "whether events of this kind are told"),
    setting(
        "alerts.levels",
        Kind::List,
        "percent of a day's or a month's credits that are told when they are passed",
    ),
    setting("webhook.url", Kind::Secret, "where alerts go, by HTTP POST; empty: nowhere"),
    setting("webhook.secret", Kind::Secret, "signs alerts: `whsec_` and base64, or another text"),
    setting("webhook.events", Kind::List, "kinds of events that are sent"),
    setting("webhook.format", Kind::Text, "`json`: the event; `slack`: a sentence"),
    setting("webhook.timeout", Kind::Value, "how long the receiver may take"),
    setting("warm.coins", Kind::Value, "how many coins are fetched before anybody asks"),
    setting("warm.by", Kind::Text, "which ones: `popularity` as measured, or `rank`"),
    setting("warm.names", Kind::List, "these coins instead: ids, slugs or symbols"),
    setting("warm.converts", Kind::List, "the currencies in which they are warmed"),
    setting("warm.at_start", Kind::Value, "whether a start warms"),
    setting("warm.every", Kind::Value, "how often it is done again; 0: never"),
    setting(
        "warm.share",
        Kind::Value,
        "how much of the credits left in a window one warming may take: 0.1 is a tenth",
    ),
    setting(
        "refresh.policy",
        Kind::Text,
        "`fewest` credits, `ahead` of the end of what is asked for, or `freshest`",
    ),
    setting(
        "refresh.stale_while_revalidate",
        Kind::Value,
        "how much too old a value may be that is served while a newer one is fetched",
    ),
    setting("log.filter", Kind::Text, "levels by module; `RUST_LOG` wins"),
    setting("log.format", Kind::Text, "`text`, or `json`: one object a line"),
    setting(
        "otel.endpoint",
        Kind::Text,
        "base URL of a collector for OTLP over HTTP (`http://127.0.0.1:4318`); empty: nothing is \
         sent. Needs a program that is built with the feature `otel`",
    ),
    setting("otel.headers", Kind::Secret, "sent to it with every request: `name=value,name2=…`"),
    setting("otel.service_name", Kind::Text, "`service.name` of what is sent"),
    setting(
        "otel.sample",
        Kind::Value,
        "share of the traces that begin here, 0 to 1; a caller's own decision is kept",
    ),
    setting("otel.traces", Kind::Value, "whether traces are sent"),
    setting("otel.metrics", Kind::Value, "whether metrics are sent"),
    setting("otel.metrics_interval", Kind::Value, "how often metrics are sent"),
    setting(
        "otel.exemplars",
        Kind::Value,
        "whether `/metrics` names a recent trace for each series of times, for scrapers that ask \
         for OpenMetrics; needs `otel.endpoint` and `otel.traces`",
    ),
];

/// Every key that can be set, with its meaning.
#[must_use]
pub const fn settings() -> &'static [Setting] {
    &SETTINGS
}

/// The kind of `key`, if there is such a key.
pub(super) fn kind(key: &str) -> Option<Kind> {
    SETTINGS.iter().find(|setting| matches(setting.key, key)).map(|s| s.kind)
}

/// The existing key that is spelt most like `key`; one that begins with it comes first.
pub(super) fn nearest(key: &str) -> String {
    let candidates = SETTINGS.iter().flat_map(|setting| written_out(setting.key));
    let unlike = |known: &String| (!known.starts_with(key), strsim::levenshtein(key, known));
    candidates.min_by_key(unlike).unwrap_or_default()
}

/// Whether `key` is what `pattern` means. A class must exist; the names of tiers are looked at
/// later, when all of them are known.
fn matches(pattern: &str, key: &str) -> bool {
    match pattern.split_once('<') {
        None => pattern == key,
        Some((start, "class>")) => key
            .strip_prefix(start)
            .is_some_and(|class| CacheClass::ALL.iter().any(|known| known.name() == class)),
        Some((start, "kind>")) => {
            key.strip_prefix(start).is_some_and(|kind| EventKind::parse(kind).is_some())
        }
        Some((start, rest)) => {
            let end = rest.split_once('>').map_or("", |(_, end)| end);
            let middle = key.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
            middle.is_some_and(|name| !name.is_empty() && (end.is_empty() || !name.contains('.')))
        }
    }
}

fn written_out(pattern: &'static str) -> Vec<String> {
    if pattern.contains("<class>") {
        let classes = CacheClass::ALL.iter();
        return classes.map(|class| pattern.replace("<class>", class.name())).collect();
    }
    if pattern.contains("<kind>") {
        let kinds = EventKind::ALL.iter();
        return kinds.map(|kind| pattern.replace("<kind>", kind.name())).collect();
    }
    if pattern.starts_with("tiers.") {
        return TIERS.iter().map(|tier| pattern.replace("<name>", tier.name)).collect();
    }
    vec![pattern.to_owned()]
}
