use super::*;

#[test]
fn each_kind_keeps_the_first_of_what_is_repeated() {
    // Lists are sets; the order of the answer is that of the first places.
    let Selector::Ids(ids) = Selector::ids("5,01,1,5,99999999999,88888888888,99999999999") else {
        panic!("ids")
    };
    let texts: Vec<&str> = ids.iter().map(|id| &*id.text).collect();
    assert_eq!(texts, ["5", "01", "99999999999", "88888888888"]);
    assert_eq!(Selector::slugs("b,a,b"), Selector::Slugs(vec!["b".into(), "a".into()]));
    let symbols = Selector::symbols("b,A,B,,$x");
    assert_eq!(symbols, Selector::Symbols(vec!["B".into(), "A".into(), "$X".into()]));
    assert_eq!((symbols.len(), symbols.is_empty(), symbols.name()), (3, false, "symbol"));
}
