use super::*;
use crate::operation::WireType;

fn param(kind: ParamKind) -> Param {
    Param { name: "x".into(), kind, wire: WireType::String, default: None, required: false }
}

#[test]
fn values_come_out_in_their_normal_form() {
    // Keys are made of them: two spellings must meet here.
    for (kind, text, normal) in [
        (ParamKind::Integer(Range::ANY), "10.0", "10"),
        (ParamKind::Integer(Range::ANY), "007", "7"),
        (ParamKind::Integer(Range::ANY), "1e3", "1000"),
        (ParamKind::Integer(Range::ANY), "-5", "-5"),
        (ParamKind::Integer(Range::ANY), "0", "0"),
        (ParamKind::Integer(Range::ANY), "-0", "0"),
        (ParamKind::Integer(Range::ANY), "99999999999999999999", "99999999999999999999"),
        (ParamKind::Number(Range::ANY), "1.50", "1.5"),
        (ParamKind::Number(Range::ANY), "100", "100"),
        (ParamKind::Number(Range::ANY), "2.0", "2"),
        (ParamKind::Boolean, "TRUE", "true"),
        (ParamKind::Boolean, "False", "false"),
        (ParamKind::Symbols, "btc,$Ab@-", "BTC,$AB@-"),
        (ParamKind::Text, " As It Is ", " As It Is "),
    ] {
        assert_eq!(check(&param(kind), text).as_deref(), Ok(normal), "{text}");
    }
}

#[test]
fn several_values_are_named_in_the_plural() {
    // Clients match on both forms.
    assert_eq!(invalid_values("id", &["9"]), "Invalid value for \"id\": \"9\"");
    assert_eq!(invalid_values("id", &["9", "8"]), "Invalid values for \"id\": \"9,8\"");
}
