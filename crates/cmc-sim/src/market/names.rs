//! Mints names, symbols and slugs that look like those of a real market, oddities included.

use std::collections::HashSet;

use crate::market::noise::Dice;

/// What a minted coin is called.
pub(crate) struct Minted {
    pub(crate) name: String,
    pub(crate) symbol: String,
    pub(crate) slug: String,
}

const FIRST: [&str; 56] = [
    "Lunar", "Silver", "Baby", "Quantum", "Astro", "Hyper", "Meta", "Nova", "Pixel", "Solar",
    "Crypto", "Wrapped", "Shadow", "Golden", "Moon", "Rocket", "Open", "Deep", "Prime", "Omni",
    "Terra", "Aqua", "Iron", "Velvet", "Cosmic", "Turbo", "Arctic", "Phantom", "Crystal", "Neon",
    "Mega", "Zen", "Orbit", "Polar", "Ember", "Vertex", "Delta", "Sigma", "Royal", "Wild", "Smart",
    "Global", "Green", "Bridged", "Liquid", "Staked", "Angry", "Happy", "Little", "Giga", "Brave",
    "Cyber", "Magic", "Urban", "Ocean", "Echo",
];
const SECOND: [&str; 56] = [
    "Cat", "Dog", "Inu", "Chain", "Swap", "Pay", "Bridge", "Verse", "Game", "Guard", "Frog",
    "Link", "Vault", "Mint", "Drive", "Node", "Lend", "Rise", "Storm", "Fox", "Bear", "Whale",
    "Bet", "Play", "Cloud", "Grid", "Credit", "Fund", "Gate", "Trade", "Forge", "Stake", "Yield",
    "Layer", "Bit", "Ape", "Panda", "Dragon", "Wave", "Field", "Stream", "Loop", "Spark", "Pulse",
    "Shard", "Index", "Media", "Music", "Health", "Energy", "Land", "World", "Hub", "Labs", "Mind",
    "Agent",
];
const LAST: [&str; 14] = [
    "",
    "",
    "",
    "",
    " Token",
    " Finance",
    " Protocol",
    " Network",
    " AI",
    " DAO",
    " Coin",
    " Classic",
    " 2.0",
    " Gold",
];
/// Symbols that many coins like to carry, some of them well-known, some of them currency codes.
const POPULAR: [&str; 24] = [
    "BTC", "ETH", "SOL", "DOGE", "PEPE", "TRUMP", "AI", "CAT", "DOG", "MOON", "GAME", "BABY",
    "GROK", "X", "UNI", "LINK", "SUI", "ELON", "ALL", "GEL", "MXN", "USDT", "BNB", "STAR",
];

/// Words that letters of two decent words can form.
const RUDE: [&str; 4] = ["ASS", "CUM", "FAG", "TIT"];

/// A name, a symbol (perhaps that of another coin) and a slug of its own.
pub(crate) fn mint(id: u32, dice: Dice, slugs: &mut HashSet<String>) -> Minted {
    let (first, second) = (dice.pick(50, &FIRST), dice.pick(51, &SECOND));
    let mut name = format!("{first} {second}{}", dice.pick(52, &LAST));
    if dice.below(53, 400) == 0 {
        name = format!("{name} {}", dice.pick(54, &["\u{2122}", "\u{72d7}", "\u{e9}toile"]));
    }
    let mut slug = slug_of(&name);
    if !slugs.insert(slug.clone()) {
        slug = format!("{slug}-{id}");
        slugs.insert(slug.clone());
    }
    Minted { symbol: symbol(first, second, dice), name, slug }
}

/// An address in the style of the chain.
pub(crate) fn address(chain: u32, dice: Dice) -> String {
    if matches!(chain, 1027 | 1839) {
        let (a, b, c) =
            (dice.below(60, u64::MAX), dice.below(61, u64::MAX), dice.below(62, 1 << 32));
        return format!("0x{a:016x}{b:016x}{c:08x}");
    }
    const BASE58: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    (0..40).map(|lane| char::from(dice.pick(60 + lane, BASE58))).collect()
}

fn slug_of(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').to_owned()
}

fn symbol(first: &str, second: &str, dice: Dice) -> String {
    let plain = plain_symbol(first, second, dice);
    match dice.below(70, 300) {
        0..14 => dice.pick(71, &POPULAR).to_owned(),
        14..20 => format!("${plain}"),
        20..24 => format!("x{plain}"),
        24..27 => format!("{}t", plain.get(..2).unwrap_or("Q")),
        27..29 => format!("{plain}-{}", dice.below(72, 9) + 1),
        29 => format!("{plain}.e"),
        30 => dice.pick(73, &["\u{5e01}\u{5b89}", "\u{c6}TH", "\u{20bf}IT", "ZO\u{cb}"]).to_owned(),
        31 => "-".to_owned(),
        32 => format!("{plain}_OLD"),
        33 => format!("{plain}@"),
        _ => plain,
    }
}

/// Letters of both words, at times with a digit, as projects choose them.
fn plain_symbol(first: &str, second: &str, dice: Dice) -> String {
    let head = usize::try_from(1 + dice.below(74, 3)).unwrap_or(1);
    let tail = usize::try_from(1 + dice.below(75, 3)).unwrap_or(1);
    let mut symbol: String = first.chars().take(head).chain(second.chars().take(tail)).collect();
    if dice.below(76, 3) == 0 {
        let letter = b'A' + u8::try_from(dice.below(77, 26)).unwrap_or(0);
        symbol.push(char::from(letter));
    }
    let symbol = symbol.to_ascii_uppercase();
    if RUDE.contains(&symbol.as_str()) { format!("{symbol}T") } else { symbol }
}
