//! The tags a coin can carry: a slug, a name, and the group it belongs to.

/// One tag.
#[derive(Debug, PartialEq)]
pub(crate) struct Tag {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
}

macro_rules! tags {
    ($($slug:literal $name:literal $category:literal;)*) => {
        &[$(Tag { slug: $slug, name: $name, category: $category }),*]
    };
}

pub(crate) const TAGS: &[Tag] = tags! {
    "mineable" "Mineable" "OTHERS";
    "pow" "PoW" "ALGORITHM";
    "pos" "PoS" "ALGORITHM";
    "sha-256" "SHA-256" "ALGORITHM";
    "scrypt" "Scrypt" "ALGORITHM";
    "store-of-value" "Store Of Value" "CATEGORY";
    "medium-of-exchange" "Medium of Exchange" "INDUSTRY";
    "enterprise-solutions" "Enterprise Solutions" "INDUSTRY";
    "privacy" "Privacy" "CATEGORY";
    "stablecoin" "Stablecoin" "CATEGORY";
    "usd-stablecoin" "USD Stablecoin" "CATEGORY";
    "smart-contracts" "Smart Contracts" "CATEGORY";
    "layer-1" "Layer 1" "CATEGORY";
    "layer-2" "Layer 2" "CATEGORY";
    "scaling" "Scaling" "CATEGORY";
    "memes" "Memes" "CATEGORY";
    "doggone-doggerel" "Doggone Doggerel" "CATEGORY";
    "defi" "DeFi" "CATEGORY";
    "dao" "DAO" "CATEGORY";
    "dex" "Decentralized Exchange (DEX) Token" "CATEGORY";
    "lending" "Lending & Borrowing" "CATEGORY";
    "derivatives" "Derivatives" "CATEGORY";
    "oracles" "Oracles" "CATEGORY";
    "yield-farming" "Yield Farming" "CATEGORY";
    "liquid-staking" "Liquid Staking" "CATEGORY";
    "gaming" "Gaming" "INDUSTRY";
    "metaverse" "Metaverse" "CATEGORY";
    "media" "Media" "INDUSTRY";
    "marketing" "Marketing" "INDUSTRY";
    "sports" "Sports" "INDUSTRY";
    "iot" "IoT" "INDUSTRY";
    "filesharing" "Filesharing" "INDUSTRY";
    "storage" "Storage" "CATEGORY";
    "platform" "Platform" "CATEGORY";
    "interoperability" "Interoperability" "CATEGORY";
    "modular-blockchain" "Modular Blockchain" "CATEGORY";
    "ai-big-data" "AI & Big Data" "CATEGORY";
    "asset-backed" "Asset-Backed" "CATEGORY";
    "wrapped-tokens" "Wrapped Tokens" "CATEGORY";
    "centralized-exchange" "Centralized Exchange (CEX) Token" "CATEGORY";
    "ethereum-ecosystem" "Ethereum Ecosystem" "PLATFORM";
    "bnb-chain-ecosystem" "BNB Chain Ecosystem" "PLATFORM";
    "solana-ecosystem" "Solana Ecosystem" "PLATFORM";
    "tron20-ecosystem" "Tron20 Ecosystem" "PLATFORM";
    "ton-ecosystem" "TON Ecosystem" "PLATFORM";
};

/// The tag with that slug.
pub(crate) fn tag(slug: &str) -> Option<&'static Tag> {
    TAGS.iter().find(|tag| tag.slug == slug)
}

/// The tag that names the ecosystem of a platform coin.
pub(crate) fn ecosystem(platform_id: u32) -> Option<&'static Tag> {
    tag(match platform_id {
        1027 => "ethereum-ecosystem",
        1839 => "bnb-chain-ecosystem",
        5426 => "solana-ecosystem",
        1958 => "tron20-ecosystem",
        11419 => "ton-ecosystem",
        _ => return None,
    })
}
