//! The coins everybody knows, under their real ids, slugs, names and symbols.
//! Prices and supplies are of a realistic magnitude, not of a certain day.

/// One well-known coin; `max_supply` 0 means none, `platform` 0 means a chain of its own.
pub(super) struct Known {
    pub(super) id: u32,
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) symbol: &'static str,
    pub(super) price: f64,
    pub(super) supply: f64,
    pub(super) max_supply: f64,
    pub(super) platform: u32,
    pub(super) tags: &'static [&'static str],
    pub(super) added: (i16, i8, i8),
}

macro_rules! known {
    ($($id:literal $slug:literal $name:literal $symbol:literal $price:literal $supply:literal
       $max:literal on $platform:literal [$($tag:literal)*] $year:literal $month:literal
       $day:literal;)*) => {
        &[$(Known {
            id: $id, slug: $slug, name: $name, symbol: $symbol, price: $price, supply: $supply,
            max_supply: $max, platform: $platform, tags: &[$($tag),*],
            added: ($year, $month, $day),
        }),*]
    };
}

/// In order of id.
#[rustfmt::skip]
pub(super) const KNOWN: &[Known] = known! {
    1 "bitcoin" "Bitcoin" "BTC"
        84200.0 20101250.0 21000000.0 on 0 ["mineable" "pow" "sha-256" "store-of-value"] 2010 7 13;
    2 "litecoin" "Litecoin" "LTC"
        92.4 76230000.0 84000000.0 on 0 ["mineable" "pow" "scrypt" "medium-of-exchange"] 2013 4 28;
    5 "peercoin" "Peercoin" "PPC"
        0.31 29800000.0 0.0 on 0 ["mineable" "pos" "sha-256"] 2013 4 28;
    52 "xrp" "XRP" "XRP"
        2.31 59600000000.0 100000000000.0 on 0
        ["medium-of-exchange" "enterprise-solutions"] 2013 8 4;
    74 "dogecoin" "Dogecoin" "DOGE"
        0.178 151300000000.0 0.0 on 0 ["mineable" "pow" "scrypt" "memes"] 2013 12 15;
    109 "digibyte" "DigiByte" "DGB"
        0.0081 17800000000.0 21000000000.0 on 0 ["mineable" "pow"] 2014 2 6;
    131 "dash" "Dash" "DASH"
        24.6 12400000.0 18900000.0 on 0 ["mineable" "pow" "privacy" "medium-of-exchange"] 2014 2 14;
    328 "monero" "Monero" "XMR"
        331.0 18446744.0 0.0 on 0 ["mineable" "pow" "privacy" "medium-of-exchange"] 2014 5 21;
    512 "stellar" "Stellar" "XLM"
        0.262 31800000000.0 50001806812.0 on 0
        ["medium-of-exchange" "enterprise-solutions"] 2014 8 5;
    825 "tether" "Tether USDt" "USDT"
        1.0002 184000000000.0 0.0 on 1027 ["stablecoin" "usd-stablecoin"] 2015 2 25;
    873 "nem" "NEM" "XEM"
        0.0031 8999999999.0 8999999999.0 on 0 ["medium-of-exchange"] 2015 4 1;
    1027 "ethereum" "Ethereum" "ETH"
        2713.0 121700000.0 0.0 on 0 ["pos" "smart-contracts" "layer-1"] 2015 8 7;
    1168 "decred" "Decred" "DCR"
        17.2 17100000.0 21000000.0 on 0 ["mineable" "pow" "pos"] 2016 2 10;
    1321 "ethereum-classic" "Ethereum Classic" "ETC"
        18.9 153400000.0 210700000.0 on 0 ["mineable" "pow" "smart-contracts"] 2016 7 24;
    1376 "neo" "Neo" "NEO"
        6.1 70538831.0 100000000.0 on 0 ["smart-contracts" "layer-1"] 2016 9 8;
    1437 "zcash" "Zcash" "ZEC"
        48.3 16300000.0 21000000.0 on 0 ["mineable" "pow" "privacy"] 2016 10 29;
    1518 "maker" "Maker" "MKR"
        1780.0 870000.0 1005577.0 on 1027 ["defi" "dao" "lending"] 2017 1 29;
    1684 "qtum" "Qtum" "QTUM"
        2.2 105800000.0 107822406.0 on 0 ["smart-contracts" "pos"] 2017 5 24;
    1697 "basic-attention-token" "Basic Attention Token" "BAT"
        0.143 1495000000.0 1500000000.0 on 1027 ["marketing"] 2017 6 1;
    1720 "iota" "IOTA" "IOTA"
        0.192 3830000000.0 0.0 on 0 ["layer-1"] 2017 6 13;
    1765 "eos" "EOS" "EOS"
        0.62 1550000000.0 2100000000.0 on 0 ["smart-contracts" "layer-1"] 2017 7 1;
    1831 "bitcoin-cash" "Bitcoin Cash" "BCH"
        412.0 19900000.0 21000000.0 on 0
        ["mineable" "pow" "sha-256" "medium-of-exchange"] 2017 7 23;
    1839 "bnb" "BNB" "BNB"
        641.0 139200000.0 0.0 on 0 ["layer-1" "smart-contracts" "centralized-exchange"] 2017 7 25;
    1958 "tron" "TRON" "TRX"
        0.274 94800000000.0 0.0 on 0 ["layer-1" "smart-contracts"] 2017 9 13;
    1966 "decentraland" "Decentraland" "MANA"
        0.28 1940000000.0 0.0 on 1027 ["metaverse" "gaming"] 2017 9 17;
    1975 "chainlink" "Chainlink" "LINK"
        14.6 657000000.0 1000000000.0 on 1027 ["defi" "oracles"] 2017 9 20;
    2010 "cardano" "Cardano" "ADA"
        0.712 35300000000.0 45000000000.0 on 0 ["pos" "smart-contracts" "layer-1"] 2017 10 1;
    2011 "tezos" "Tezos" "XTZ"
        0.58 1040000000.0 0.0 on 0 ["pos" "smart-contracts" "layer-1"] 2017 10 6;
    2280 "filecoin" "Filecoin" "FIL"
        2.7 660000000.0 1958769284.0 on 0 ["filesharing" "storage"] 2017 12 13;
    2416 "theta-network" "Theta Network" "THETA"
        0.74 1000000000.0 1000000000.0 on 0 ["media" "layer-1"] 2018 1 17;
    2586 "synthetix" "Synthetix" "SNX"
        0.66 342000000.0 0.0 on 1027 ["defi" "derivatives"] 2018 3 14;
    2634 "xdc-network" "XDC Network" "XDC"
        0.072 16100000000.0 0.0 on 0 ["layer-1" "enterprise-solutions"] 2018 4 2;
    2682 "holo" "Holo" "HOT"
        0.00098 177600000000.0 177600000000.0 on 1027 ["platform"] 2018 4 30;
    3077 "vechain" "VeChain" "VET"
        0.0241 85900000000.0 86712634466.0 on 0 ["enterprise-solutions" "layer-1"] 2018 8 3;
    3155 "quant" "Quant" "QNT"
        79.0 12070000.0 14881364.0 on 1027 ["interoperability"] 2018 8 10;
    3330 "pax-dollar" "Pax Dollar" "USDP"
        1.0 63000000.0 0.0 on 1027 ["stablecoin" "usd-stablecoin"] 2018 9 27;
    3408 "usd-coin" "USDC" "USDC"
        0.9999 61400000000.0 0.0 on 1027 ["stablecoin" "usd-stablecoin"] 2018 10 8;
    3635 "cronos" "Cronos" "CRO"
        0.089 27300000000.0 30000000000.0 on 0 ["layer-1" "centralized-exchange"] 2018 12 14;
    3717 "wrapped-bitcoin" "Wrapped Bitcoin" "WBTC"
        84180.0 129100.0 129100.0 on 1027 ["wrapped-tokens"] 2019 1 30;
    3773 "fetch" "Artificial Superintelligence Alliance" "FET"
        0.61 2390000000.0 2719493896.0 on 1027 ["ai-big-data"] 2019 3 2;
    3794 "cosmos" "Cosmos" "ATOM"
        4.4 460000000.0 0.0 on 0 ["pos" "interoperability" "layer-1"] 2019 3 14;
    3890 "polygon" "Polygon" "MATIC"
        0.218 1900000000.0 10000000000.0 on 1027 ["layer-2" "scaling"] 2019 4 28;
    3957 "unus-sed-leo" "UNUS SED LEO" "LEO"
        8.9 922900000.0 0.0 on 1027 ["centralized-exchange"] 2019 5 21;
    4030 "algorand" "Algorand" "ALGO"
        0.193 8640000000.0 10000000000.0 on 0 ["pos" "smart-contracts" "layer-1"] 2019 6 20;
    4066 "chiliz" "Chiliz" "CHZ"
        0.041 9600000000.0 0.0 on 1027 ["sports" "gaming"] 2019 7 1;
    4172 "terra-luna" "Terra Classic" "LUNC"
        0.0000612 5490000000000.0 0.0 on 0 ["layer-1"] 2019 7 26;
    4642 "hedera" "Hedera" "HBAR"
        0.171 42200000000.0 50000000000.0 on 0 ["enterprise-solutions" "layer-1"] 2019 9 17;
    4687 "busd" "BUSD" "BUSD"
        1.0 57000000.0 0.0 on 1027 ["stablecoin" "usd-stablecoin"] 2019 9 20;
    4705 "pax-gold" "PAX Gold" "PAXG"
        3312.0 241000.0 0.0 on 1027 ["asset-backed"] 2019 9 26;
    4847 "stacks" "Stacks" "STX"
        0.79 1520000000.0 1818000000.0 on 0 ["smart-contracts" "layer-2"] 2019 10 28;
    4943 "multi-collateral-dai" "Dai" "DAI"
        1.0001 5365000000.0 0.0 on 1027 ["stablecoin" "usd-stablecoin" "defi"] 2019 11 22;
    5176 "tether-gold" "Tether Gold" "XAUt"
        3308.0 246524.0 0.0 on 1027 ["asset-backed"] 2020 1 29;
    5426 "solana" "Solana" "SOL"
        152.0 519000000.0 0.0 on 0 ["pos" "smart-contracts" "layer-1"] 2020 4 10;
    5632 "arweave" "Arweave" "AR"
        6.4 65600000.0 66000000.0 on 0 ["filesharing" "storage"] 2020 5 27;
    5665 "helium" "Helium" "HNT"
        3.3 182000000.0 223000000.0 on 5426 ["iot"] 2020 6 9;
    5690 "render" "Render" "RENDER"
        3.9 518000000.0 532000000.0 on 5426 ["ai-big-data"] 2020 6 10;
    5692 "compound" "Compound" "COMP"
        43.0 9000000.0 10000000.0 on 1027 ["defi" "lending"] 2020 6 16;
    5805 "avalanche" "Avalanche" "AVAX"
        21.3 419000000.0 715748719.0 on 0 ["pos" "smart-contracts" "layer-1"] 2020 7 13;
    5864 "yearn-finance" "yearn.finance" "YFI"
        5180.0 33800.0 36666.0 on 1027 ["defi" "yield-farming"] 2020 7 18;
    5994 "shiba-inu" "Shiba Inu" "SHIB"
        0.00001318 589244000000000.0 589552695333683.0 on 1027
        ["memes" "doggone-doggerel"] 2020 8 1;
    6210 "the-sandbox" "The Sandbox" "SAND"
        0.27 2480000000.0 3000000000.0 on 1027 ["metaverse" "gaming"] 2020 8 5;
    6535 "near-protocol" "NEAR Protocol" "NEAR"
        2.42 1220000000.0 0.0 on 0 ["pos" "smart-contracts" "layer-1"] 2020 8 14;
    6538 "curve-dao-token" "Curve DAO Token" "CRV"
        0.64 1350000000.0 2350000000.0 on 1027 ["defi" "dao"] 2020 8 14;
    6636 "polkadot-new" "Polkadot" "DOT"
        4.05 1570000000.0 0.0 on 0 ["pos" "interoperability" "layer-1"] 2020 8 19;
    6719 "the-graph" "The Graph" "GRT"
        0.094 9770000000.0 10800000000.0 on 1027 ["ai-big-data"] 2020 8 28;
    6758 "sushiswap" "SushiSwap" "SUSHI"
        0.63 193000000.0 285000000.0 on 1027 ["defi" "dex"] 2020 8 28;
    6783 "axie-infinity" "Axie Infinity" "AXS"
        2.4 161000000.0 270000000.0 on 1027 ["gaming" "metaverse"] 2020 8 31;
    6892 "multiversx-egld" "MultiversX" "EGLD"
        14.6 28400000.0 31415926.0 on 0 ["layer-1" "smart-contracts"] 2020 9 4;
    7083 "uniswap" "Uniswap" "UNI"
        6.2 600000000.0 1000000000.0 on 1027 ["defi" "dex" "dao"] 2020 9 17;
    7186 "pancakeswap" "PancakeSwap" "CAKE"
        2.3 347000000.0 450000000.0 on 1839 ["defi" "dex"] 2020 9 25;
    7226 "injective" "Injective" "INJ"
        11.8 97700000.0 0.0 on 0 ["defi" "layer-1"] 2020 9 30;
    7278 "aave" "Aave" "AAVE"
        213.0 15100000.0 16000000.0 on 1027 ["defi" "lending"] 2020 10 2;
    8000 "lido-dao" "Lido DAO" "LDO"
        0.89 895000000.0 1000000000.0 on 1027 ["defi" "dao" "liquid-staking"] 2021 1 5;
    8085 "steth" "Lido Staked ETH" "stETH"
        2709.0 9100000.0 0.0 on 1027 ["liquid-staking"] 2021 1 13;
    8104 "1inch" "1inch Network" "1INCH"
        0.21 1390000000.0 1500000000.0 on 1027 ["defi" "dex"] 2021 1 14;
    8916 "internet-computer" "Internet Computer" "ICP"
        5.1 534000000.0 0.0 on 0 ["layer-1" "smart-contracts"] 2021 3 23;
    10603 "immutable-x" "Immutable" "IMX"
        0.53 1860000000.0 2000000000.0 on 1027 ["layer-2" "gaming"] 2021 7 7;
    10804 "floki-inu" "FLOKI" "FLOKI"
        0.0000883 9550000000000.0 10000000000000.0 on 1839 ["memes" "doggone-doggerel"] 2021 7 13;
    11092 "bitget-token-new" "Bitget Token" "BGB"
        4.5 1140000000.0 1200000000.0 on 1027 ["centralized-exchange"] 2021 7 28;
    11419 "toncoin" "Toncoin" "TON"
        3.1 2480000000.0 0.0 on 0 ["layer-1" "pos"] 2021 8 25;
    11840 "optimism-ethereum" "Optimism" "OP"
        0.73 1710000000.0 4294967296.0 on 0 ["layer-2" "scaling"] 2022 4 27;
    11841 "arbitrum" "Arbitrum" "ARB"
        0.36 4860000000.0 10000000000.0 on 0 ["layer-2" "scaling"] 2023 3 16;
    13502 "worldcoin-org" "Worldcoin" "WLD"
        1.04 1620000000.0 10000000000.0 on 1027 ["ai-big-data"] 2023 7 24;
    15024 "baby-doge-coin-x" "Baby Doge Coin" "BabyDoge"
        0.00000000112 172000000000000000.0 420000000000000000.0 on 1839
        ["memes" "doggone-doggerel"] 2021 6 3;
    20396 "kaspa" "Kaspa" "KAS"
        0.094 26400000000.0 28704026601.0 on 0 ["mineable" "pow" "layer-1"] 2022 6 7;
    20947 "sui" "Sui" "SUI"
        3.2 3390000000.0 10000000000.0 on 0 ["layer-1" "smart-contracts"] 2022 7 5;
    21794 "aptos" "Aptos" "APT"
        4.9 634000000.0 0.0 on 0 ["layer-1" "smart-contracts"] 2022 10 19;
    22691 "starknet-token" "Starknet" "STRK"
        0.129 3400000000.0 10000000000.0 on 1027 ["layer-2" "scaling"] 2024 2 20;
    22861 "celestia" "Celestia" "TIA"
        2.1 660000000.0 0.0 on 0 ["layer-1" "modular-blockchain"] 2023 10 31;
    22974 "bittensor" "Bittensor" "TAO"
        382.0 8800000.0 21000000.0 on 0 ["ai-big-data"] 2023 3 6;
    23095 "bonk1" "Bonk" "BONK"
        0.0000163 78900000000000.0 88871909606890.0 on 5426 ["memes" "doggone-doggerel"] 2022 12 29;
    24478 "pepe" "Pepe" "PEPE"
        0.00001082 420690000000000.0 420690000000000.0 on 1027 ["memes"] 2023 4 17;
    27075 "mantle" "Mantle" "MNT"
        0.68 3360000000.0 6219316794.0 on 1027 ["layer-2" "dao"] 2023 7 17;
    28321 "polygon-ecosystem-token" "POL (prev. MATIC)" "POL"
        0.219 10400000000.0 0.0 on 1027 ["layer-2" "scaling"] 2023 10 25;
    28752 "dogwifhat" "dogwifhat" "WIF"
        0.83 998900000.0 998926392.0 on 5426 ["memes" "doggone-doggerel"] 2023 12 28;
    28850 "notcoin" "Notcoin" "NOT"
        0.0021 99430000000.0 102456957534.0 on 11419 ["memes" "gaming"] 2024 5 16;
    29210 "jupiter-ag" "Jupiter" "JUP"
        0.49 2950000000.0 6999980000.0 on 5426 ["defi" "dex"] 2024 1 31;
    29470 "ethena-usde" "Ethena USDe" "USDe"
        1.0004 5300000000.0 0.0 on 1027 ["stablecoin" "usd-stablecoin"] 2024 2 19;
    30171 "ethena" "Ethena" "ENA"
        0.33 6130000000.0 15000000000.0 on 1027 ["defi"] 2024 4 2;
    32196 "hyperliquid" "Hyperliquid" "HYPE"
        37.4 333900000.0 1000000000.0 on 0 ["defi" "dex" "layer-1"] 2024 12 2;
    35336 "official-trump" "OFFICIAL TRUMP" "TRUMP"
        9.7 199999000.0 999999000.0 on 5426 ["memes"] 2025 1 18;
};
