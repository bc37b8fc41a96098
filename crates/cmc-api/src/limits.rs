//! Every maximum of this crate, each with its unit in the name.

/// Longest request target that is taken or sent: upstream's edge refuses longer ones.
pub const TARGET_BYTES_MAX: usize = 8_192;
/// Most ids in one upstream quotes call: one credit buys 250 of them.
pub const QUOTES_IDS_MAX: usize = 250;
/// Most ids in one upstream metadata call: one credit buys 250 of them.
pub const INFO_IDS_MAX: usize = 250;
/// Most subjects in one upstream call for parts: one credit buys 250 of them.
pub const PARTS_MAX: usize = 250;
/// Most coins in one page of upstream listings.
pub const LISTINGS_COINS_MAX: u32 = 5_000;
/// Most currencies that upstream takes in one call of a paid plan.
pub const CONVERTS_MAX: usize = 120;
/// Most items that any paged operation returns in one page.
pub const PAGE_ITEMS_MAX: u64 = 5_000;
/// Most points that a historical operation returns for one subject.
pub const POINTS_MAX: u64 = 10_000;
/// Coins that one symbol is assumed to stand for at most, when a price is bounded from above.
pub const COINS_PER_SYMBOL_MAX: u64 = 50;
/// Longest body of a POST that is taken.
pub const BODY_BYTES_MAX: usize = 65_536;
/// Deepest nesting of a POST's body that is taken, in levels.
pub const BODY_DEPTH_LEVELS_MAX: usize = 32;
/// Most price rules that a tariff learns beyond its catalogue.
pub const LEARNED_RULES_MAX: usize = 1_024;
/// Most operations in a catalogue.
pub const OPERATIONS_MAX: usize = 4_096;
/// Largest file that a catalogue is read from.
pub const CATALOGUE_BYTES_MAX: u64 = 8 * 1_024 * 1_024;
/// Farthest place in a ranked or numbered list that is told apart from the places behind it.
pub const START_MAX: u32 = 1_000_000_000;
/// Longest answer that is taken from upstream, after decompression.
pub const ANSWER_BYTES_MAX: usize = 50 * 1_024 * 1_024;
