//! Contracts on one coin, and the rows that they share with those of one exchange.

use crate::json::Json;
use crate::market::derivatives::{self, Contract, Term, Terms};
use crate::market::noise;
use crate::market::quote::Currency;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::{v5, write};

/// A contract, and what it is worth.
pub(super) type Row = (Contract, Terms);

/// v5: by coin.
pub(crate) fn of_coin<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let names = ["crypto_id", "crypto_slug", "crypto_symbol"];
    let found = v5::named::coins(ask, names)?.unwrap_or_default();
    let &[at, ..] = found.as_slice() else {
        return Err(Refusal::invalid("no such coin"));
    };
    let coin = &ask.market.coins[at];
    let rows = rows(ask, ask.market.contracts_of_coin(at));
    let n_pairs = rows.len() as u64;
    let page = v5::Page::of(ask, rows);
    let (n_items, n_converts) = (page.rows.len(), currencies.len());
    let write = move |json: &mut Json| {
        json.open_object();
        json.count("crypto_id", u64::from(coin.id));
        json.text("crypto_name", &coin.name);
        json.text("symbol", &coin.symbol);
        json.count("num_market_pairs", n_pairs);
        page.fields(json, "market_pairs", |json, row| pair(json, ask, &row, &currencies, true));
        json.close_object();
    };
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// What the filters leave, in the order of the call.
pub(super) fn rows(ask: &Ask<'_>, contracts: Vec<Contract>) -> Vec<Row> {
    let is_left = |contract: &Contract| is_wanted(ask, contract);
    let mut rows: Vec<Row> = contracts
        .into_iter()
        .filter(is_left)
        .map(|contract| (contract, contract.terms(ask.market, ask.moment)))
        .collect();
    let is_down = v5::is_descending(ask, true);
    match ask.params.get("sort").unwrap_or("volume_24h_strict") {
        "cmc_rank" | "cmc_rank_advanced" => v5::sort_by_number(&mut rows, is_down, |row| {
            -f64::from(ask.moment.live[row.0.coin].rank)
        }),
        "effective_liquidity" => {
            v5::sort_by_number(&mut rows, is_down, |row| row.1.open_interest);
        }
        _ => v5::sort_by_number(&mut rows, is_down, |row| row.1.volume),
    }
    rows
}

fn is_wanted(ask: &Ask<'_>, contract: &Contract) -> bool {
    let is = |name: &str, own: &str| ask.params.get(name).is_none_or(|it| it == "all" || it == own);
    let (other_id, other_symbol) = contract.term.paid_in();
    let exchange = &ask.market.exchanges[contract.exchange];
    let center = if derivatives::is_decentralised(exchange) { "dex" } else { "cex" };
    let has = |name: &str, own: &str| {
        let list = ask.params.get(name);
        list.is_none_or(|list| resolve::words(list).any(|word| word.eq_ignore_ascii_case(own)))
    };
    is("category", contract.term.category())
        && is("fee_type", fee_type(ask, contract))
        && is("center_type", center)
        && has("matched_id", &other_id.to_string())
        && has("matched_symbol", other_symbol)
}

fn fee_type(ask: &Ask<'_>, contract: &Contract) -> &'static str {
    let fees = ask.market.exchanges[contract.exchange].fees;
    if fees.0 == 0.0 { "no-fees" } else { "percentage" }
}

/// One row; the exchange is told where it is not the subject itself.
pub(super) fn pair(
    json: &mut Json,
    ask: &Ask<'_>,
    (contract, terms): &Row,
    currencies: &[Currency],
    has_exchange: bool,
) {
    let coin = &ask.market.coins[contract.coin];
    let (other_id, other) = contract.term.paid_in();
    let dated = if contract.term == Term::Dated { "-QUARTER" } else { "" };
    json.count("market_id", contract.market_id(ask.market));
    json.text("market_pair_symbol", &format!("{}/{other}{dated}", coin.symbol));
    json.text("category", contract.term.category());
    json.text("fee_type", fee_type(ask, contract));
    write::truth(json, "outlier_detected", false);
    json.maybe_text("exclusions", None);
    if has_exchange {
        let exchange = &ask.market.exchanges[contract.exchange];
        write::object(json, "exchange", |json| {
            json.count("exchange_id", u64::from(exchange.id));
            json.text("exchange_name", &exchange.name);
            json.text("exchange_slug", &exchange.slug);
        });
    }
    side(json, "market_pair_base", (coin.id, &coin.symbol));
    side(json, "market_pair_quote", (other_id, other));
    quotes(json, ask, contract, terms, currencies);
}

fn side(json: &mut Json, name: &str, (id, symbol): (u32, &str)) {
    write::object(json, name, |json| {
        json.count("crypto_id", u64::from(id));
        json.text("symbol", symbol);
        json.text("exchange_symbol", symbol);
        json.text("currency_type", if id == 2781 { "fiat" } else { "cryptocurrency" });
    });
}

fn quotes(
    json: &mut Json,
    ask: &Ask<'_>,
    contract: &Contract,
    terms: &Terms,
    currencies: &[Currency],
) {
    let updated = &ask.moment.updated;
    let (id, symbol) = contract.term.paid_in();
    write::list(json, "exchange_reported_quotes", [()], |json, ()| {
        json.count("convert_id", u64::from(id));
        json.text("convert_symbol", symbol);
        json.maybe("price", Some(terms.price));
        json.maybe("volume_24h_base", Some(noise::significant(terms.volume / terms.price, 12)));
        json.maybe("volume_24h_quote", Some(terms.volume));
        json.maybe("open_interest", Some(terms.open_interest));
        json.maybe("index_price", Some(terms.index));
        json.maybe("index_basis", Some(terms.basis));
        if terms.funding.is_some() {
            json.maybe("funding_rate", terms.funding);
        }
        json.text("last_updated", updated);
    });
    write::list(json, "quotes", currencies, |json, currency| {
        v5::in_currency(json, currency);
        json.maybe("price", Some(v5::price(currency, terms.price)));
        json.maybe("volume_24h", Some(v5::money(currency, terms.volume)));
        json.maybe("open_interest", Some(v5::money(currency, terms.open_interest)));
        json.text("last_updated", updated);
    });
}
