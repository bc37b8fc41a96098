//! The market's totals in several currencies, each by itself.

use std::borrow::Cow;

use cmc_api::{
    CoinId,
    json::{self, Members},
};

/// The totals as if each currency had been asked for by itself: upstream names the quotes by the
/// ids that were asked. A currency that did not come is left out; `None` if they are no totals.
pub(super) fn by_currency<'a>(
    text: &'a str,
    currencies: &[CoinId],
) -> Option<Vec<(CoinId, Cow<'a, str>)>> {
    if let [currency] = currencies {
        return Some(vec![(*currency, Cow::from(text))]);
    }
    let members = Members::of(text)?;
    let quotes = Members::of(members.get("quote")?)?;
    let of = |currency: &CoinId| {
        let name = currency.to_string();
        let (_, quote) = quotes.0.iter().find(|(key, _)| *key == name)?;
        Some((*currency, Cow::from(with_quote(&members, &name, quote))))
    };
    Some(currencies.iter().filter_map(of).collect())
}

fn with_quote(members: &Members<'_>, name: &str, quote: &str) -> String {
    let mut out = Vec::with_capacity(4_096);
    for (key, value) in &members.0 {
        out.push(if out.is_empty() { b'{' } else { b',' });
        json::write_text(&mut out, key);
        out.push(b':');
        if key == "quote" {
            out.push(b'{');
            json::write_text(&mut out, name);
            out.push(b':');
            out.extend_from_slice(quote.as_bytes());
            out.push(b'}');
        } else {
            out.extend_from_slice(value.as_bytes());
        }
    }
    out.push(b'}');
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        r#"{"active":1.50,"quote":{"2781":{"cap":1.0},"2790":{"cap":0.90}},"at":"x"}"#;

    #[test]
    fn each_currency_gets_its_own_quote_and_all_that_is_common_digit_by_digit() {
        // Breaks if a currency is answered with the numbers of another.
        let currencies = [2_790, 2_781].map(CoinId::new);
        let split = by_currency(TEXT, &currencies).unwrap();
        let of = |place: usize| (split[place].0.get(), &*split[place].1);
        let euro = r#"{"active":1.50,"quote":{"2790":{"cap":0.90}},"at":"x"}"#;
        assert_eq!(of(0), (2_790, euro));
        let dollar = r#"{"active":1.50,"quote":{"2781":{"cap":1.0}},"at":"x"}"#;
        assert_eq!(of(1), (2_781, dollar));
    }

    #[test]
    fn a_currency_that_did_not_come_is_left_out() {
        // Breaks if the quote of another currency stands in for it.
        let split = by_currency(TEXT, &[2_781, 1].map(CoinId::new)).unwrap();
        assert_eq!(split.len(), 1);
        assert!(by_currency("[1]", &[2_781, 1].map(CoinId::new)).is_none());
    }

    #[test]
    fn of_one_currency_nothing_is_touched() {
        // Breaks if what upstream names in another way is not believed.
        let split = by_currency(TEXT, &[CoinId::USD]).unwrap();
        assert_eq!(split, vec![(CoinId::USD, Cow::from(TEXT))]);
    }
}
