//! Every operation is called by its builder, and its typed view loses nothing of the answer.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use clock::{Clock, SystemClock};
use cmc_api::{
    Call, Catalogue, Client, Environment, HttpConfig, HttpUpstream, Reply, Secret, Upstream,
    UpstreamError,
    client::{
        tokens::{HolderQuery, PriceBatch, TokenBatch, TokenList, TokenRef},
        words::{CandleSize, Direction, Interval, Period},
    },
};
use cmc_sim::{KeyConfig, Plan, Sim, SimConfig};

use crate::compare;

const KEY: &str = "typed-key";
const TETHER: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const PAIR: &str = "0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852";

type Asked = Arc<Mutex<BTreeSet<(&'static str, String)>>>;

/// Remembers which operations were answered.
#[derive(Debug)]
struct Recorder {
    inner: HttpUpstream,
    asked: Asked,
}

#[async_trait]
impl Upstream for Recorder {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let reply = self.inner.call(call).await?;
        let operation = (call.method().as_str(), call.path().to_owned());
        self.asked.lock().unwrap().insert(operation);
        Ok(reply)
    }
}

async fn start() -> (Sim, Client, Asked) {
    let mut key = KeyConfig::new(KEY, Plan::Enterprise);
    key.credits_monthly = 1_000_000;
    let config = SimConfig { keys: vec![key], ..SimConfig::default() };
    let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await.unwrap();
    let now = Arc::new(|| SystemClock.now().since_epoch());
    let environment = Environment::Custom(sim.url());
    let config = HttpConfig::for_environment(&environment, Some(Secret::new(KEY)), now);
    let asked = Asked::default();
    let inner = HttpUpstream::new(config).unwrap();
    (sim, Client::new(Recorder { inner, asked: Arc::clone(&asked) }), asked)
}

/// Sends, compares, and gives the data.
macro_rules! whole {
    ($($builder:tt)+) => {{
        let reply = $($builder)+.send().await;
        let reply = reply.unwrap_or_else(|error| panic!("{}: {error:?}", stringify!($($builder)+)));
        compare::assert_lossless(stringify!($($builder)+), &reply.raw, &reply.data);
        reply.data
    }};
}

/// Sends what is passed on as it is.
macro_rules! sent {
    ($($builder:tt)+) => {{
        let reply = $($builder)+.send().await;
        reply.unwrap_or_else(|error| panic!("{}: {error:?}", stringify!($($builder)+))).data
    }};
}

async fn coins(client: &Client) {
    whole!(client.quotes_latest().ids([1, 1027, 825]).converts(["USD", "EUR"]));
    whole!(client.quotes_latest_v2().symbols(["BTC", "USDT"]));
    whole!(client.quotes_latest_v1().ids([1, 825]));
    whole!(client.info().ids([1, 825]));
    whole!(client.info_v1().symbols(["USDT"]));
    whole!(client.map().limit(200).aux(["platform", "is_active", "status"]));
    whole!(client.simple_price().ids([1]).include_all(true));
    whole!(client.simple_price_v1().ids([1, 2]).include_market_cap(true));
    whole!(client.performance_latest().ids([1]).time_periods([Period::AllTime, Period::Day]));
    whole!(client.performance_latest_v1().ids([1]));
    whole!(client.listings_latest().limit(50).convert_ids([2781, 1]));
    whole!(client.listings_latest_v1().limit(50).price_min(1));
    whole!(client.listings_historical().date("2025-03-01").limit(20));
    whole!(client.listings_new().limit(20).sort_dir(Direction::Descending));
    whole!(client.trending_latest().limit(5));
    whole!(client.trending_most_visited().limit(5));
    whole!(client.trending_gainers_losers().limit(5));
    let categories = whole!(client.categories().limit(5));
    whole!(client.category().id(&*categories[0].id).limit(5));
    let airdrops = whole!(client.airdrops().limit(5));
    whole!(client.airdrop().id(&*airdrops[0].id));
    whole!(client.multiplier().symbols(["BTC"]).skip_invalid(true));
    whole!(client.fcas_listings_latest().limit(5));
    whole!(client.fcas_quotes_latest().ids([1]));
}

async fn series(client: &Client) {
    whole!(client.quotes_historical().ids([1, 1027]).interval(Interval::Hours1).count(3));
    whole!(client.quotes_historical_v2().ids([1]).interval(Interval::Daily));
    whole!(client.quotes_historical_v1().symbols(["BTC"]).count(2));
    whole!(client.ohlcv_historical().ids([1]).count(3).time_period(CandleSize::Daily));
    whole!(client.ohlcv_historical_v1().ids([1, 2]).count(3));
    whole!(client.ohlcv_latest().ids([1]));
    whole!(client.ohlcv_latest_v1().symbols(["BTC"]));
    whole!(client.global_latest());
    whole!(client.global_historical().count(3));
    whole!(client.blockchain_statistics().ids([1]));
    whole!(client.fear_and_greed_latest());
    whole!(client.fear_and_greed_historical().limit(5));
    whole!(client.altcoin_season_latest());
    whole!(client.altcoin_season_historical());
    whole!(client.cmc100_latest());
    whole!(client.cmc100_historical().count(2));
    whole!(client.cmc20_latest());
    whole!(client.cmc20_historical().count(2));
}

async fn exchanges(client: &Client) {
    whole!(client.market_pairs_latest().ids([1]).limit(20));
    whole!(client.market_pairs_latest_v1().ids([1]).limit(20).aux(["market_url", "notice"]));
    whole!(client.exchange_market_pairs_latest().ids([270]).limit(20));
    whole!(client.exchange_map().limit(20));
    whole!(client.exchange_info().ids([270]));
    whole!(client.exchange_assets().id(270));
    whole!(client.exchange_listings_latest().limit(20));
    whole!(client.exchange_quotes_latest().slugs(["binance"]));
    whole!(client.exchange_quotes_historical().ids([270]).count(3));
    whole!(client.derivative_pairs().crypto_id(1).limit(5));
    whole!(client.exchange_derivatives().limit(5));
    whole!(client.exchange_derivative_pairs().exchange_id(270).limit(5));
    whole!(client.coin_liquidations().limit(5));
    whole!(client.exchange_liquidations().limit(5));
    whole!(client.total_liquidations());
}

async fn tools(client: &Client) {
    whole!(client.content_latest().limit(5));
    let posts = whole!(client.posts_latest().ids([1]));
    let post = posts.list[0].post_id.clone().unwrap();
    whole!(client.posts_top().ids([1]));
    whole!(client.posts_comments().post_id(post));
    whole!(client.community_trending_topic());
    whole!(client.community_trending_token());
    whole!(client.fiat_map().include_metals(true));
    whole!(client.price_conversion().amount(2).symbols(["BTC"]).converts(["EUR"]));
    whole!(client.price_conversion_v1().amount(0.5).ids([1]));
    whole!(client.key_info());
    sent!(client.postman());
    let assets = whole!(client.asset_map().limit(20)).assets;
    let ids: Vec<_> = assets.iter().filter_map(|asset| asset.rwa_id.clone()).collect();
    whole!(client.asset_list().limit(20));
    whole!(client.asset_quotes_latest().rwa_ids(&ids));
    whole!(client.asset_info().rwa_ids(&ids));
    whole!(client.asset_market_pairs().rwa_id(&ids[0]).limit(5));
    let issuers = whole!(client.asset_issuers().limit(5)).issuers;
    whole!(client.asset_issuer().issuer_id(issuers[0].issuer_id.as_ref().unwrap()).limit(5));
    sent!(client.ai_latest());
    sent!(client.ai_coins_map().limit(2));
    sent!(client.ai_coins_latest().crypto_ids([1]));
}

async fn pairs(client: &Client) {
    assert_eq!(sent!(client.dex_spot_pairs().network_slug("ethereum").limit(2)).len(), 2);
    let pair = [PAIR];
    sent!(client.dex_pair_quotes().network_slug("ethereum").contract_addresses(pair));
    sent!(client.dex_pair_ohlcv_latest().network_slug("ethereum").contract_addresses(pair));
    sent!(client.dex_pair_ohlcv_historical().network_slug("ethereum").contract_addresses(pair));
    sent!(client.dex_pair_trades().network_slug("ethereum").contract_addresses(pair));
    sent!(client.dex_networks());
    let listings = sent!(client.dex_listings_quotes().limit(2));
    let id = listings[0]["id"].as_str().unwrap().to_owned();
    sent!(client.dex_listings_info().ids([id]));
    sent!(client.dex_multiplier().limit(2));
    sent!(client.k_line_candles().platform("ethereum").address(TETHER).interval("1h").limit(2));
    sent!(client.k_line_points().platform("ethereum").address(TETHER).interval("1h").limit(2));
}

async fn tokens(client: &Client) {
    sent!(client.dex_token().platform("ethereum").address(TETHER));
    sent!(client.dex_token_price().platform("ethereum").address(TETHER));
    sent!(client.dex_token_pools().platform("ethereum").address(TETHER).size(2));
    sent!(client.dex_search().q("usdt").limit(2));
    sent!(client.dex_security().platform_name("ethereum").address(TETHER));
    sent!(client.dex_transactions().platform("ethereum").address(TETHER).limit(2));
    sent!(client.dex_liquidity_changes().platform("ethereum").address(TETHER).limit(2));
    sent!(client.dex_token_liquidity().platform("ethereum").address(TETHER).limit(2));
    sent!(client.dex_platforms());
    sent!(client.dex_platform().platform_name("ethereum"));
    sent!(client.dex_holder_count().platform("ethereum").token_address(TETHER));
    sent!(client.dex_holder_tags().platform("ethereum").token_address(TETHER));
    sent!(client.dex_holder_trend().platform("ethereum").token_address(TETHER).limit(2));
    let list = TokenList { page_size: Some(2), ..TokenList::default() };
    sent!(client.dex_trending_tokens().body(&list));
    sent!(client.dex_new_tokens().body(&list));
    sent!(client.dex_gainers_losers().body(&list));
    sent!(client.dex_meme_tokens().body(&list));
    let (platform, address) = ("ethereum".to_owned(), TETHER.to_owned());
    let token = TokenRef { platform: platform.clone(), address: address.clone() };
    sent!(client.dex_token_prices().body(&PriceBatch { tokens: vec![token] }));
    let addresses = vec![address.clone()];
    sent!(client.dex_tokens().body(&TokenBatch { platform: platform.clone(), addresses }));
    let mut query = HolderQuery { token_address: address, platform, ..HolderQuery::default() };
    let holders = sent!(client.dex_holders().body(&query));
    query.wallet_address = holders["holders"][0]["walletAddress"].as_str().map(str::to_owned);
    sent!(client.dex_holder().body(&query));
}

#[tokio::test]
async fn every_operation_answers_and_no_documented_key_is_lost() {
    // Breaks: an operation could not be called from Rust, or a figure of its answer not be read.
    let (sim, client, asked) = start().await;
    coins(&client).await;
    series(&client).await;
    exchanges(&client).await;
    tools(&client).await;
    pairs(&client).await;
    tokens(&client).await;
    let catalogue = Catalogue::embedded();
    let all = catalogue.operations();
    let all = all.map(|operation| (operation.method.as_str(), operation.path.to_string()));
    assert_eq!(*asked.lock().unwrap(), all.collect());
    sim.stop().await;
}
