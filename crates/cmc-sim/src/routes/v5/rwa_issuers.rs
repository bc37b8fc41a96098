//! Whoever makes tokens of assets.

use crate::json::Json;
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::routes::v5::{self, rwa};
use crate::routes::write;

/// v5: all of them, or named ones.
pub(crate) fn list<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let named = v5::named::several(ask, ["issuer_id", "", ""], |_, word| {
        ask.market.real.issuer(word).into_iter().collect()
    })?;
    let wanted = ask.params.get("active").map(|_| ask.params.is_true("active", true));
    let mut rows = named.unwrap_or_else(|| (0..ask.market.real.issuers.len()).collect());
    rows.retain(|at| wanted.is_none_or(|wanted| ask.market.real.issuers[*at].is_active == wanted));
    let page = v5::Page::of(ask, rows);
    Ok(Prepared::new(page.rows.len(), move |json| {
        page.write(json, "issuers", |json, at| issuer(json, ask, at));
    }))
}

/// v5: one, with the pages of its assets.
pub(crate) fn one<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let id = ask.params.get("issuer_id").unwrap_or_default();
    let at = ask.market.real.issuer(id).ok_or_else(|| Refusal::unresolved("issuer_id", &[id]))?;
    let mut tokens = Vec::new();
    for asset in &ask.market.real.assets {
        let own = asset.tokens.iter().filter(|token| token.issuer == at);
        tokens.extend(own.map(|token| (asset, token)));
    }
    let page = v5::Page::of(ask, tokens);
    Ok(Prepared::new(page.rows.len(), move |json| {
        json.open_object();
        issuer(json, ask, at);
        page.fields(json, "tokens", |json, (asset, token)| {
            rwa::token_of(json, ask, token);
            write::object(json, "asset", |json| rwa::identity(json, asset));
        });
        json.close_object();
    }))
}

fn issuer(json: &mut Json, ask: &Ask<'_>, at: usize) {
    let issuer = &ask.market.real.issuers[at];
    let tokens = ask.market.real.assets.iter().flat_map(|asset| &asset.tokens);
    let website = format!("https://www.{}.example/", issuer.slug);
    json.text("issuer_id", &issuer.id);
    json.text("issuer_name", &issuer.name);
    json.text("issuer_slug", &issuer.slug);
    write::truth(json, "active", issuer.is_active);
    json.text("website", &website);
    json.text("founded", &issuer.founded);
    json.count("num_tokens", tokens.filter(|token| token.issuer == at).count() as u64);
}
