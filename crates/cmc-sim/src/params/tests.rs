use crate::testing::{check_refused, get};

const QUOTES: &str = "/v2/cryptocurrency/quotes/latest";
const LISTINGS: &str = "/v1/cryptocurrency/listings/latest";
const PRICE: &str = "/v2/simple/price";
const CONVERSION: &str = "/v2/tools/price-conversion";

#[track_caller]
fn check(path: &str, query: &str, message: &str) {
    check_refused(&format!("{path}?{query}"), message);
}

#[test]
fn malformed_identifiers_are_refused_in_the_words_of_the_api() {
    // Would break: clients that classify errors by their text.
    let ids = "should only include comma-separated numeric CoinMarketCap cryptocurrency ids";
    for bad in ["id=a", "id=1,", "id=-1", "id=%FF"] {
        check(QUOTES, bad, &format!("\"id\" {ids}"));
    }
    check(QUOTES, "id=1&convert_id=x", &format!("\"convert_id\" {ids}"));
    let slugs = "should only include comma-separated CoinMarketCap cryptocurrency slugs";
    check(QUOTES, "slug=Bitcoin", &format!("\"slug\" {slugs}"));
    let symbols = "should only include comma-separated alphanumeric cryptocurrency symbols";
    check(QUOTES, "symbol=A.B", &format!("\"symbol\" {symbols}"));
    check(QUOTES, "id=1&convert=U%20D", &format!("\"convert\" {symbols}"));
    let exchange = "/v1/exchange/info";
    let word = "should only include comma-separated numeric CoinMarketCap exchange ids";
    check(exchange, "id=x", &format!("\"id\" {word}"));
    let word = "should only include comma-separated CoinMarketCap exchange slugs";
    check(exchange, "slug=X", &format!("\"slug\" {word}"));
    let many = vec!["1"; 51].join(",");
    check("/v1/simple/price", &format!("ids={many}"), &format!("\"ids\" {ids}"));
}

#[test]
fn numbers_booleans_and_words_have_their_own_refusals() {
    // Would break: the same.
    check(LISTINGS, "limit=all", "\"limit\" must be a number");
    check(LISTINGS, "limit=inf", "\"limit\" must be a number");
    check(LISTINGS, "limit=1.5", "\"limit\" must be an integer");
    check(LISTINGS, "limit=5001", "\"limit\" must be less than or equal to 5000");
    check(LISTINGS, "start=0", "\"start\" must be larger than or equal to 1");
    check(LISTINGS, "limit=-3", "\"limit\" must be larger than or equal to 1");
    check(LISTINGS, "price_min=-1", "\"price_min\" must be larger than or equal to 0");
    let change = "\"percent_change_24h_max\" must be larger than or equal to -100";
    check(LISTINGS, "percent_change_24h_max=-101", change);
    check(QUOTES, "id=1&skip_invalid=1", "\"skip_invalid\" must be a boolean");
    check(LISTINGS, "sort_dir=up", "\"sort_dir\" must be one of [asc, desc]");
    check("/v1/cryptocurrency/map", "sort=name", "\"sort\" must be one of [id, cmc_rank]");
    check(CONVERSION, "amount=0&id=1", "\"amount\" must be larger than or equal to 1e-8");
    let most = "\"amount\" must be less than or equal to 1000000000000";
    check(CONVERSION, "amount=1e13&id=1", most);
}

#[test]
fn aux_names_every_unknown_word() {
    // Would break: the plural of the message.
    check(QUOTES, "id=1&aux=foo,tags", "Invalid value for \"aux\": \"foo\"");
    check(QUOTES, "id=1&aux=foo,tags,bar,foo", "Invalid values for \"aux\": \"foo,bar\"");
    check(LISTINGS, "aux=is_active", "Invalid value for \"aux\": \"is_active\"");
}

#[test]
fn presence_is_checked_after_values_and_in_its_own_order() {
    // Would break: which of several mistakes is named.
    check(CONVERSION, "id=1", "\"amount\" is required");
    check(QUOTES, "convert=USD", "\"value\" must contain at least one of [id, slug, symbol]");
    let info = "\"value\" must contain at least one of [id, slug, symbol, address]";
    check("/v2/cryptocurrency/info", "aux=urls", info);
    check("/v1/exchange/info", "", "\"value\" must contain at least one of [id, slug]");
    let peers = "\"value\" contains a conflict between exclusive peers [convert, convert_id]";
    check(QUOTES, "id=1&convert=USD&convert_id=1", peers);
    check(QUOTES, "foo=1&id=x", "\"foo\" is not allowed");
    check(QUOTES, "skip_invalid=x&foo=1", "\"skip_invalid\" must be a boolean");
    check(CONVERSION, "convert=USD&convert_id=1", "\"amount\" is required");
}

#[test]
fn unknown_parameters_are_an_error_on_the_classic_stack_only() {
    // Would break: cache busters against v1 and v2.
    check(QUOTES, "id=1&_=123", "\"_\" is not allowed");
    check("/v1/key/info", "id=1", "\"id\" is not allowed");
    assert_eq!(get("/v3/cryptocurrency/quotes/latest?id=1&_=123").http, 200);
    check_refused(
        "/v3/cryptocurrency/quotes/latest?_=1",
        "\"value\" must contain at least one of [id, slug, symbol]",
    );
}

#[test]
fn what_names_nothing_is_listed() {
    // Would break: skip_invalid=false and unknown converts.
    check(QUOTES, "id=99999999&skip_invalid=false", "Invalid value for \"id\": \"99999999\"");
    let two = "Invalid values for \"symbol\": \"AAAQQ,BBBQQ\"";
    check(QUOTES, "symbol=aaaqq,BTC,bbbqq,AAAQQ&skip_invalid=False", two);
    check(QUOTES, "id=1&convert=zzzqq", "Invalid value for \"convert\": \"ZZZQQ\"");
    check(QUOTES, "id=1&convert_id=77777777", "Invalid value for \"convert_id\": \"77777777\"");
    let value = "Invalid value for \"slug\": \"no-such-slug\"";
    check("/v2/cryptocurrency/info", "slug=bitcoin,no-such-slug", value);
    check("/v2/cryptocurrency/info", "address=0x1", "Invalid value for \"address\": \"0x1\"");
    check("/v2/cryptocurrency/info", "id=2781", "Invalid value for \"id\": \"2781\"");
    check("/v1/cryptocurrency/map", "symbol=qqqzz", "Invalid value for \"symbol\": \"QQQZZ\"");
    check(PRICE, "id=1,99999999&skip_invalid=false", "Invalid value for \"id\": \"99999999\"");
}

#[test]
fn defaults_may_be_sent_and_numbers_may_be_written_oddly() {
    // Would break: the official SDK, which sends every default, and decimals for integers.
    let target = "/v1/cryptocurrency/listings/latest?start=1.0&limit=1e1&sort=market_cap\
        &cryptocurrency_type=all&tag=all&convert=USD&price_min=&aux=cmc_rank";
    let got = get(target);
    assert_eq!((got.http, got.data().as_array().unwrap().len()), (200, 10), "{}", got.message());
    assert_eq!(get("/v2/simple/price?id=1&include_all=True&skip_invalid=FALSE").http, 200);
}
