use super::*;

fn ids(n: u32) -> Vec<CoinId> {
    (1..=n).map(CoinId::new).collect()
}

fn query(path: &str, raw: &str) -> Query {
    Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new()).unwrap()
}

fn n_items(path: &str, raw: &str) -> u64 {
    Call::whole(&query(path, raw)).unwrap().n_items()
}

#[test]
fn quotes_ask_for_everything_of_few_coins() {
    // Whatever a client may ask of a coin must be in its entry.
    let call = Call::quotes(&[CoinId::new(1), CoinId::new(1027)], &[CoinId::USD]).unwrap();
    assert_eq!((call.method(), call.path()), (Method::Get, "/v3/cryptocurrency/quotes/latest"));
    assert_eq!(
        call.query(),
        "id=1,1027&convert_id=2781&aux=num_market_pairs,cmc_rank,date_added,tags,platform,\
         max_supply,circulating_supply,total_supply,market_cap_by_total_supply,\
         volume_24h_reported,volume_7d,volume_7d_reported,volume_30d,volume_30d_reported,\
         is_market_cap_included_in_calc,is_active,is_fiat&skip_invalid=true"
    );
    assert_eq!((call.n_items(), call.n_converts()), (2, 1));
}

#[test]
fn listings_carry_their_ranking() {
    // A page of another ranking would fill the wrong blocks.
    let call = Call::listings(&Ranking::by_rank(), 251, 500, &ids(2)).unwrap();
    assert!(call.query().starts_with(
        "start=251&limit=500&sort=market_cap&sort_dir=desc&convert_id=1,2&aux=num_market_pairs,"
    ));
    assert_eq!((call.n_items(), call.n_converts()), (500, 2));
}

#[test]
fn the_rest_is_asked_for_in_full() {
    // Fields that were not fetched cannot be answered later.
    let call = Call::info(&ids(3)).unwrap();
    assert_eq!(call.path(), "/v2/cryptocurrency/info");
    assert!(call.query().starts_with("id=1,2,3&skip_invalid=true&aux=urls,logo,"));
    let call = Call::map();
    assert!(call.query().starts_with("listing_status=active,inactive,untracked&aux=platform,"));
    let call = Call::key_info();
    assert_eq!((call.path(), call.query()), ("/v1/key/info", ""));
}

#[test]
fn calls_beyond_the_limits_cannot_be_made() {
    // Upstream would refuse them, or charge for two blocks.
    let usd = [CoinId::USD];
    let empty = |what| CallError::Empty { what };
    assert_eq!(Call::quotes(&[], &usd), Err(empty("ids")));
    assert_eq!(Call::quotes(&ids(1), &[]), Err(empty("currencies")));
    assert_eq!(Call::info(&[]), Err(empty("ids")));
    let many = CallError::TooMany { what: "ids", n: 251, max: 250 };
    assert_eq!(Call::quotes(&ids(251), &usd), Err(many));
    assert!(Call::quotes(&ids(250), &ids(120)).is_ok());
    assert!(Call::quotes(&ids(250), &ids(121)).is_err());
    let rank = Ranking::by_rank();
    assert!(Call::listings(&rank, 1, 5_000, &usd).is_ok());
    assert!(Call::listings(&rank, 1, 5_001, &usd).is_err());
    assert_eq!(Call::listings(&rank, 1, 0, &usd), Err(empty("places")));
    assert_eq!(Call::listings(&rank, 0, 1, &usd), Err(empty("start")));
    let long = Ranking::new(&"x".repeat(TARGET_BYTES_MAX));
    let error = Call::listings(&long, 1, 1, &usd).unwrap_err();
    assert!(matches!(error, CallError::TooLong { n_bytes } if n_bytes > TARGET_BYTES_MAX));
}

#[test]
fn the_widest_calls_fit_into_a_target() {
    // The largest ids and all currencies at once are still within upstream's limit.
    let wide: Vec<CoinId> = (0..250).map(|n| CoinId::new(u32::MAX - n)).collect();
    assert!(Call::quotes(&wide, &wide[..120]).is_ok());
    assert!(Call::info(&wide).is_ok());
}

#[test]
fn a_query_is_passed_on_as_it_is() {
    // Upstream must see the question, not our defaults.
    let asked = query("/v1/exchange/info", "slug=binance,kraken&aux=urls");
    let call = Call::whole(&asked).unwrap();
    assert_eq!(call.query(), "slug=binance,kraken&aux=urls");
    assert_eq!((call.n_items(), call.n_converts()), (2, 1));
}

#[test]
fn what_is_passed_on_is_weighed_from_above() {
    // A price below the charge would overspend the budget.
    let history = "/v3/cryptocurrency/quotes/historical";
    assert_eq!(n_items(history, "id=1,2,3&count=120"), 360);
    assert_eq!(n_items(history, "id=1,2"), 20);
    assert_eq!(n_items(history, "id=1&time_start=2026-01-01"), 10_000);
    assert_eq!(n_items(history, "id=1&time_start=2026-01-01&count=50"), 50);
    assert_eq!(n_items("/v2/cryptocurrency/ohlcv/latest", "symbol=BTC,ETH"), 100);
    assert_eq!(n_items("/v1/cryptocurrency/listings/historical", "date=2026-01-01"), 100);
    assert_eq!(n_items("/v1/cryptocurrency/categories", ""), 5_000);
    assert_eq!(n_items("/v1/global-metrics/quotes/historical", "count=150"), 150);
    let info = "address=0xdAC17F958D2ee523a2206206994597C13D831ec7";
    assert_eq!(n_items("/v2/cryptocurrency/info", info), 1);
}
