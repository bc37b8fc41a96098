//! `partners/flipside-crypto/fcas`: scores of a partner that no longer gives any.

use std::cmp::Reverse;

use crate::json::Json;
use crate::market::coin::Coin;
use crate::market::{Subject, noise};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::chains::written;
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time::{self, DAY};

const AUX: &str = "point_change_24h,percent_change_24h";

/// v1: the highest score first.
pub(crate) fn listings<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let leaders = ask.market.totals.leaders.iter();
    let mut rows: Vec<&Coin> = leaders.map(|at| &ask.market.coins[*at]).collect();
    rows.sort_by_key(|coin| (Reverse(score(ask, coin, 0)), coin.id));
    let page = listings::page(ask, rows, DEFAULT_LIMIT);
    let aux = ask.params.aux(AUX);
    Ok(Prepared::new(page.len(), move |json| {
        json.open_array();
        page.iter().for_each(|coin| object(json, ask, coin, &aux));
        json.close_array();
    }))
}

/// v1: keyed as v1 quotes; coins without a score are unknown.
pub(crate) fn quotes<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let named = resolve::identify(ask, false);
    let parameter = named.parameter;
    let mut rows: Vec<(String, &Coin)> = Vec::new();
    let mut unknown: Vec<String> = Vec::new();
    for found in named.or_refuse(false)? {
        match found.subjects[0] {
            Subject::Coin(at) if ask.market.totals.leaders.contains(&at) => {
                rows.push((found.key, &ask.market.coins[at]));
            }
            subject => unknown.push(written(ask, parameter, found.key, subject)),
        }
    }
    if !unknown.is_empty() {
        return Err(Refusal::unresolved(parameter, &unknown));
    }
    let aux = ask.params.aux(AUX);
    Ok(Prepared::new(rows.len(), move |json| {
        json.open_object();
        for (key, coin) in rows {
            json.key(&key);
            object(json, ask, coin, &aux);
        }
        json.close_object();
    }))
}

/// The score of a day, 0 to 1000.
#[expect(clippy::cast_possible_truncation, reason = "clamped to 100..=990")]
fn score(ask: &Ask<'_>, coin: &Coin, days_back: i64) -> i64 {
    let day = ask.now_ms.div_euclid(DAY) - days_back;
    let mood = noise::walk(noise::mix2(coin.tempo.lane, 0xFCA5), day * 1_440);
    let usual = 500.0 + 450.0 * noise::unit(coin.tempo.lane);
    (usual + 60.0 * mood).clamp(100.0, 990.0) as i64
}

fn object(json: &mut Json, ask: &Ask<'_>, coin: &Coin, aux: &[&str]) {
    let (now, then) = (score(ask, coin, 0), score(ask, coin, 1));
    let change = now - then;
    json.open_object();
    json.count("id", u64::from(coin.id));
    json.text("name", &coin.name);
    json.text("symbol", &coin.symbol);
    json.text("slug", &coin.slug);
    json.count("score", now.unsigned_abs());
    json.text("grade", grade(now));
    if aux.contains(&"percent_change_24h") {
        let percent = 100.0 * change as f64 / then as f64;
        json.maybe("percent_change_24h", Some(noise::decimals(percent, 2)));
    }
    if aux.contains(&"point_change_24h") {
        json.maybe("point_change_24h", Some(change as f64));
    }
    let today = ask.now_ms.div_euclid(DAY) * DAY;
    json.text("last_updated", &time::iso(today));
    json.close_object();
}

const fn grade(score: i64) -> &'static str {
    match score {
        900.. => "S",
        750..900 => "A",
        650..750 => "B",
        500..650 => "C",
        _ => "F",
    }
}
