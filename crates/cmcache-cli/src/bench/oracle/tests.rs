use super::*;

const AT: i64 = 1_790_000_040_000;

fn answer(path: &str, query: &str) -> String {
    Oracle::new(1).unwrap().ask(AT, path, query).unwrap()
}

#[test]
fn quotes_are_found_in_every_shape_of_answer() {
    // What is not found is not compared, and no difference would be noticed.
    let convert = "convert=EUR";
    for (path, query) in [
        ("/v3/cryptocurrency/quotes/latest", "id=1,1027"),
        ("/v2/cryptocurrency/quotes/latest", "id=1,1027"),
        ("/v2/cryptocurrency/quotes/latest", "symbol=BTC,ETH"),
        ("/v1/cryptocurrency/quotes/latest", "slug=bitcoin,ethereum"),
        ("/v1/cryptocurrency/listings/latest", "limit=2"),
        ("/v3/cryptocurrency/listings/latest", "limit=2"),
    ] {
        let text = answer(path, &format!("{query}&{convert}"));
        let quotes = quotes_of(&text);
        let known: Vec<u32> = quotes.iter().map(|quote| quote.coin).collect();
        assert!(known.contains(&1) && known.contains(&1027), "{path} {query}: {known:?}");
        // A symbol may bring coins that are traded no more, as of when they were.
        let named = quotes.iter().filter(|quote| [1, 1_027].contains(&quote.coin));
        for quote in named {
            assert_eq!((quote.currency.as_str(), quote.step), ("EUR", AT / STEP_MS), "{path}");
        }
        assert_eq!(Oracle::new(1).unwrap().count_wrong(&quotes).unwrap(), 0, "{path} {query}");
    }
}

#[test]
fn a_quote_of_another_coin_currency_or_instant_is_noticed() {
    // An oracle that agrees with everything proves nothing.
    let oracle = Oracle::new(1).unwrap();
    let text = answer("/v3/cryptocurrency/quotes/latest", "id=1,1027&convert=USD");
    let quotes = quotes_of(&text);
    let wrongs: [fn(&mut Quote); 4] = [
        |quote| quote.coin = 825,
        |quote| quote.currency = "EUR".to_owned(),
        |quote| quote.step += 1,
        |quote| quote.fields[0] = Some("1.0".to_owned()),
    ];
    for wrong in wrongs {
        let mut changed = quotes.clone();
        wrong(&mut changed[0]);
        assert_eq!(oracle.count_wrong(&changed).unwrap(), 1, "{:?}", changed[0]);
    }
}
