//! The chains, and the decentralised exchanges on them.

/// One chain.
#[derive(Debug)]
pub(crate) struct Network {
    pub(crate) id: u32,
    pub(crate) name: &'static str,
    pub(crate) slug: &'static str,
    /// The coin that fees are paid in.
    pub(crate) native: u32,
    pub(crate) explorer: &'static str,
}

/// One exchange; its id is its place in [`VENUES`], from 1.
#[derive(Debug)]
pub(crate) struct Venue {
    /// A position in [`NETWORKS`].
    pub(crate) network: usize,
    pub(crate) name: &'static str,
    pub(crate) slug: &'static str,
}

impl Network {
    /// Whether a call means it: by id, slug or name, in any case.
    pub(crate) fn is_called(&self, word: &str) -> bool {
        word.parse() == Ok(self.id)
            || self.slug.eq_ignore_ascii_case(word)
            || self.name.eq_ignore_ascii_case(word)
    }
}

macro_rules! networks {
    ($($id:literal $name:literal $slug:literal $native:literal $explorer:literal;)*) => {
        &[$(Network {
            id: $id, name: $name, slug: $slug, native: $native, explorer: $explorer,
        }),*]
    };
}

macro_rules! venues {
    ($($network:literal: $($name:literal $slug:literal),*;)*) => {
        &[$($(Venue { network: $network, name: $name, slug: $slug }),*),*]
    };
}

/// The first chain of a native coin is the one that its tokens live on.
pub(crate) const NETWORKS: &[Network] = networks! {
    1 "Ethereum" "ethereum" 1027 "https://etherscan.io";
    14 "BSC" "bsc" 1839 "https://bscscan.com";
    16 "Solana" "solana" 5426 "https://solscan.io";
    25 "Polygon" "polygon" 28321 "https://polygonscan.com";
    28 "Avalanche" "avalanche" 5805 "https://snowtrace.io";
    51 "Arbitrum" "arbitrum" 1027 "https://arbiscan.io";
    42 "Optimism" "optimism" 1027 "https://optimistic.etherscan.io";
    199 "Base" "base" 1027 "https://basescan.org";
    9 "Tron" "tron" 1958 "https://tronscan.org";
    173 "TON" "ton" 11419 "https://tonscan.org";
    160 "Sui" "sui" 20947 "https://suiscan.xyz";
    141 "Aptos" "aptos" 21794 "https://aptoscan.com";
};

pub(crate) const VENUES: &[Venue] = venues! {
    0: "Uniswap v2" "uniswap-v2", "Uniswap v3" "uniswap-v3", "SushiSwap" "sushiswap",
       "Curve" "curve", "Balancer" "balancer", "ShibaSwap" "shibaswap";
    1: "PancakeSwap v2" "pancakeswap-v2", "PancakeSwap v3" "pancakeswap-v3", "Biswap" "biswap",
       "THENA" "thena", "ApeSwap" "apeswap";
    2: "Raydium" "raydium", "Orca" "orca", "Meteora" "meteora", "PumpSwap" "pumpswap",
       "Lifinity" "lifinity";
    3: "QuickSwap" "quickswap", "SushiSwap (Polygon)" "sushiswap-polygon",
       "Uniswap v3 (Polygon)" "uniswap-v3-polygon";
    4: "Trader Joe" "trader-joe", "Pangolin" "pangolin",
       "SushiSwap (Avalanche)" "sushiswap-avalanche";
    5: "Camelot" "camelot", "Uniswap v3 (Arbitrum)" "uniswap-v3-arbitrum",
       "SushiSwap (Arbitrum)" "sushiswap-arbitrum", "Ramses" "ramses";
    6: "Velodrome" "velodrome", "Uniswap v3 (Optimism)" "uniswap-v3-optimism";
    7: "Aerodrome" "aerodrome", "Uniswap v3 (Base)" "uniswap-v3-base", "BaseSwap" "baseswap",
       "SushiSwap (Base)" "sushiswap-base";
    8: "SunSwap v2" "sunswap-v2", "SunSwap v3" "sunswap-v3";
    9: "STON.fi" "ston-fi", "DeDust" "dedust";
    10: "Cetus" "cetus", "Turbos" "turbos";
    11: "LiquidSwap" "liquidswap", "ThalaSwap" "thalaswap";
};
