//! Every maximum of this crate, with its unit.

use std::time::Duration;

/// Entities held decoded in memory.
pub const SLOTS_MAX: usize = 65_536;
/// Bytes of bodies held decoded in memory.
pub const SLOTS_BYTES_MAX: usize = 256 << 20;
/// Rounds of sweeping that one large value may cause.
pub const SWEEPS_MAX: usize = 4;
/// Places of a ranking block: what one credit buys.
pub const BLOCK_PLACES: u32 = 250;
/// Blocks that one listings call may carry.
pub const BLOCKS_PER_CALL_MAX: u32 = 20;
/// Coins that one quotes or info call carries: what one credit buys.
pub const COINS_PER_CALL_MAX: usize = 250;
/// Bytes of the names in one call for parts: the URL must hold the rest, too.
pub const NAMES_BYTES_MAX: usize = 6_000;
/// Coins for which it is told one by one what was charged; all others are summed up.
pub const CHARGED_COINS_MAX: usize = 8_192;
/// Operations whose calls are counted apart.
pub const SPENDING_OPERATIONS_MAX: usize = 512;
/// Keys with an ongoing flight.
pub const FLIGHTS_MAX: usize = 65_536;
/// Keys that somebody looks for in the tiers; beyond it each asker looks for itself.
pub const LOOKS_MAX: usize = 65_536;
/// Jobs waiting for the next departure.
pub const BOARDING_MAX: usize = 32_768;
/// How long the first asker waits for company.
pub const BOARDING_WINDOW: Duration = Duration::from_millis(10);
/// How long an asker waits for a flight unless it says otherwise.
pub const ASKER_PATIENCE: Duration = Duration::from_secs(20);
/// How long an asker waits for the map of all coins if it can do without.
pub const NAMES_PATIENCE: Duration = Duration::from_secs(2);
/// Plans kept ready under the text of their request.
pub const PREPARED_MAX: usize = 4_096;
/// Longest request text that is kept ready, in bytes.
pub const PREPARED_TARGET_BYTES_MAX: usize = 2_048;
/// Bytes of all composed answers that are kept ready.
pub const PREPARED_BYTES_MAX: usize = 128 << 20;
/// Largest composed answer that is kept ready, in bytes.
pub const PREPARED_ANSWER_BYTES_MAX: usize = 256 << 10;
/// Calls or keys whose last error is remembered.
pub const GATES_MAX: usize = 4_096;
/// Invalidated keys that late values are checked against.
pub const TOMBSTONES_MAX: usize = 16_384;
/// How long an invalidation is remembered: longer than any call may take.
pub const TOMBSTONE_LIFE: Duration = Duration::from_secs(120);
/// Lots whose demand is counted, and whose ages are paced.
pub const LOTS_MAX: usize = 1_024;
/// Ticks of the pacer after which a lot that nobody asks for is counted no more.
pub const LOT_IDLE_TICKS: u32 = 120;
/// Longest name of a lot, in characters.
pub const LOT_NAME_CHARS_MAX: usize = 200;
/// Pairs of coin and currency whose askings are counted one by one.
pub const TALLY_PAIRS_MAX: usize = 32_768;
/// Counters in a row of the sketch that counts the others.
pub const SKETCH_WIDTH: usize = 16_384;
/// After this an asking counts for a third.
pub const TALLY_MEMORY: Duration = Duration::from_secs(240);
/// The same, where it is judged whether the demand ebbs.
pub const TALLY_LATE: Duration = Duration::from_secs(30);
/// What is left of a count when it is forgotten.
pub const TALLY_FORGOTTEN: f64 = 0.01;
/// For how long at least a demand is believed to last that just began, in seconds.
pub const TALLY_WINDOW_MIN_S: f64 = 0.1;
/// Kinds of questions that are counted: blocks of ranks by currency.
pub const QUESTIONS_MAX: usize = 2_048;
/// Currencies whose demand is foreseen one by one.
pub const CURRENCIES_FORESEEN_MAX: usize = 8;
/// How long a forecast holds.
pub const FORECAST_EVERY: Duration = Duration::from_secs(10);
/// It is made anew earlier where so many times as much was counted meanwhile,
pub const FORECAST_GROWTH: f64 = 1.25;
/// but not sooner than this after the one before.
pub const FORECAST_SOONEST: Duration = Duration::from_millis(10);
/// What lives shorter is not bought as a whole page.
pub const SWEPT_LIFE_MIN: Duration = Duration::from_secs(5);
/// Quotes in one page: the reply must be read within a moment, and fit into memory.
pub const SWEPT_PAIRS_MAX: usize = 40_000;
/// How long the page stays closed after upstream or the budget refused it.
pub const SWEEP_PAUSE: Duration = Duration::from_secs(60);
/// Pages of one life that are remembered.
pub const PAGES_REMEMBERED_MAX: usize = 32;
/// Askings that must be counted before a page is thought of.
pub const SWEEP_ASKED_MIN: f64 = 50.0;
/// Questions for the market's totals in a currency that are expected in one life of them, from
/// which on they are bought along with those in another currency. What is bought before it is
/// asked for lives `1/r` less than if it were bought at its first miss: with so many questions
/// that costs a twentieth of a credit, which is what a call is worth.
pub const TOTALS_JOINED_MIN: f64 = 20.0;
/// How long metadata is believed to be of use, where places are filled with it, in its shortest.
pub const FILLED_LIFE_OF_INFOS: Duration = Duration::from_secs(86_400);
/// Shapes of one coin kept rendered.
pub const RENDERS_PER_COIN_MAX: usize = 6;
/// An unknown identifier makes the map be read again, but not more often than this.
pub const MAP_RECHECK: Duration = Duration::from_secs(60);
/// How old the map may be when it only resolves names.
pub const MAP_RESOLVES_FOR: Duration = Duration::from_secs(3_600);
/// How long "upstream has no such coin" is believed.
pub const ABSENT_TTL: Duration = Duration::from_secs(60);
/// How long a refusal of a query is believed.
pub const REFUSED_TTL: Duration = Duration::from_secs(60);
/// How long a plan's refusal of an endpoint is believed.
pub const PLAN_GATE_TTL: Duration = Duration::from_secs(3_600);
/// First pause after an outage.
pub const OUTAGE_PAUSE_MIN: Duration = Duration::from_secs(1);
/// Longest pause after repeated outages.
pub const OUTAGE_PAUSE_MAX: Duration = Duration::from_secs(30);
/// How often a batch that upstream refused is halved to find the bad keys: enough for one among
/// 250, few enough to notice soon that the keys are not to blame.
pub const HALVINGS_MAX: u32 = 12;
/// Descriptions of tags that are remembered.
pub const TAGS_MAX: usize = 16_384;
/// How long a key is leased; renewed while its flight lasts. A dead holder is noticed by then.
pub const LEASE_LENGTH: Duration = Duration::from_secs(3);
/// How long the store of leases may take to answer before each instance loads for itself.
pub const LEASE_DEADLINE: Duration = Duration::from_secs(1);
/// First pause before looking again for what another instance loads, if nothing is told.
pub const FOLLOW_PAUSE_MIN: Duration = Duration::from_millis(20);
/// Longest such pause.
pub const FOLLOW_PAUSE_MAX: Duration = Duration::from_millis(250);
/// Keys whose entity is remembered, because the key does not tell it.
pub const NAMES_MAX: usize = 65_536;
/// Entities looked up again in one question.
pub const RECHECK_MAX: usize = 200;
/// Where the marks lie in shared tiers; no entity's key begins like this.
pub const MARKS_KEY: &str = "!marks";
/// How often the marks of the shared tiers are read.
pub const MARKS_EVERY: Duration = Duration::from_secs(5);
/// How long marks are kept: longer than anything is served stale.
pub const MARKS_LIFE: Duration = Duration::from_secs(30 * 86_400);
/// Where the charts of what is popular lie in the tiers; no entity's key begins like this.
pub const CHARTS_KEY: &str = "!charts";
/// How often they are brought together.
pub const CHARTS_EVERY: Duration = Duration::from_secs(30);
/// How long an instance that does not write is believed to be there.
pub const CHART_LIFE: Duration = Duration::from_secs(120);
/// How long charts are kept for the next start.
pub const CHARTS_KEPT: Duration = Duration::from_secs(14 * 86_400);
/// Instances whose charts are kept.
pub const CHARTS_MAX: usize = 16;
/// Pairs in one chart.
pub const CHART_PAIRS_MAX: usize = 2_000;
/// Quotes that are warmed in one step, so that what was brought is kept whatever comes after it.
pub const WARMED_AT_ONCE: usize = 15_000;
/// Where it is agreed on who buys a page of the ranking; no entity's key begins like this.
pub const PAGE_KEY: &str = "!page";
/// Under which name it is agreed on who warms.
pub const WARMER: &str = "warmer";
/// How long before its end a value is refreshed at the earliest, where that is done ahead.
pub const REFRESH_AHEAD_MAX: Duration = Duration::from_secs(2);
/// How long before its end a value is fetched along with what is missing of its answer: until that
/// is there, it would be too old.
pub const ENDING: Duration = Duration::from_millis(250);
/// Spans of askers that a flight is linked to.
pub const LINKED_MAX: usize = 128;
/// How long fetching is believed to take at least.
pub const REFRESH_LOAD_MIN: Duration = Duration::from_millis(100);
