//! Chains, the safety of tokens, and multipliers.

use crate::json::Json;
use crate::market::dex::Dex;
use crate::market::dex::networks::{NETWORKS, Network, VENUES};
use crate::market::noise;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::v5::Page;
use crate::routes::{dex, write};
use crate::time;

/// What is looked for in a token's code.
const RISKS: [&str; 8] = [
    "honeypot",
    "mintable",
    "freezable",
    "hidden_owner",
    "trading_can_be_paused",
    "blacklist",
    "proxy",
    "tax_can_change",
];

/// v1.
pub(crate) fn list<'a>(_: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    Ok(Prepared::new(NETWORKS.len(), |json| write::rows(json, NETWORKS, network)))
}

/// v1: one, with its exchanges.
pub(crate) fn detail<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let at = dex::network(ask, "platformName")?;
    Ok(Prepared::new(1, move |json| {
        json.open_object();
        network(json, &NETWORKS[at]);
        let venues = VENUES.iter().filter(|venue| venue.network == at);
        write::list(json, "dexs", venues, |json, venue| {
            json.text("n", venue.name);
            json.text("s", venue.slug);
        });
        json.close_object();
    }))
}

/// v1: what was found in a token's code.
pub(crate) fn security<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let (_, token) = dex::token(ask, "platformName", "address")?;
    let lane = noise::mix2(token.lane, 0x5EC);
    let is_hit = move |number: usize| (lane >> (number * 5)).is_multiple_of(23);
    let n_hits = (0..RISKS.len()).filter(|number| is_hit(*number)).count();
    Ok(Prepared::new(1, move |json| {
        json.open_array();
        json.open_object();
        json.text("platformName", NETWORKS[token.network].slug);
        json.text("tokenContractAddress", &token.address);
        json.text("securityLevel", ["low", "medium"].get(n_hits).copied().unwrap_or("high"));
        write::object(json, "extra", |json| {
            write::amount(json, "buyTax", if is_hit(7) { 5.0 } else { 0.0 });
            write::amount(json, "sellTax", if is_hit(7) { 7.5 } else { 0.0 });
            write::truth(json, "isVerified", !is_hit(0));
        });
        write::list(json, "securityItems", RISKS.iter().enumerate(), |json, (number, name)| {
            json.text("code", name);
            write::truth(json, "isHit", is_hit(number));
        });
        write::truth(json, "exist", true);
        json.close_object();
        json.close_array();
    }))
}

/// v2: by how much balances of tokens that stand for shares were split.
pub(crate) fn multiplier<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let word = ask.params.get("platform").or_else(|| ask.params.get("platform_id"));
    let network = word.map(|word| Dex::network(word).ok_or_else(|| dex::nothing("platform")));
    let network = network.transpose()?;
    let address = ask.params.get("token_address");
    let is_wanted = |at: &usize| {
        let token = &ask.market.dex.tokens[*at];
        token.split().is_some()
            && network.is_none_or(|network| network == token.network)
            && address.is_none_or(|address| address.eq_ignore_ascii_case(&token.address))
    };
    let found: Vec<usize> = (0..ask.market.dex.tokens.len()).filter(is_wanted).collect();
    let page = Page::of(ask, found);
    Ok(Prepared::new(page.rows.len(), move |json| {
        page.write(json, "items", |json, at| {
            let token = &ask.market.dex.tokens[at];
            json.text("token_address", &token.address);
            json.count("platform_id", u64::from(NETWORKS[token.network].id));
            json.text("name", &token.name);
            json.text("symbol", &token.symbol);
            if let Some((factor, since)) = token.split() {
                json.maybe("multiplier", Some(factor));
                json.text("effective_at", &time::iso(since));
            }
        });
    }))
}

fn network(json: &mut Json, network: &Network) {
    json.count("id", u64::from(network.id));
    json.text("n", network.name);
    json.text("s", network.slug);
    json.count("cid", u64::from(network.native));
    json.text("exp", network.explorer);
}
