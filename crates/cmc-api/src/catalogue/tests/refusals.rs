//! What is wrong is told with its place and with what comes nearest.

use proptest::prelude::*;

use super::*;

const ONE: &str = r#"{"effective":"2027-01","operations":[
{"method":"GET","path":"/v1/x","version":1,
 "summary":"An example",
 "family":"quotes.v1","stack":"classic","class":"quotes","keying":"list","judged_by":"catalogue",
 "price":{"model":"batch","per":100,"unit":"coins","convert":true},
 "cadence_s":60,"min_plan":"Hobbyist","keyless":true,"deprecated":false,
 "history":{"Basic":{"intraday":1,"daily":"2013-04-28"}},
 "one_of":["id"],"exclusive":[],
 "params":[
  {"name":"id","kind":"ids","of":"coin","type":"string"},
  {"name":"start","kind":"integer","type":"integer","default":"1","min":1,"max":9},
  {"name":"sort","kind":"one_of","type":"string","default":"id","words":["id","cmc_rank"]}]}
]}"#;

fn refusal(json: &str) -> String {
    Catalogue::from_json(json).unwrap_err().to_string()
}

/// The example with one of its parts replaced is refused on this line for this reason.
fn check(part: &str, replacement: &str, line: usize, problem: &str) {
    assert!(ONE.contains(part), "{part}");
    let told = refusal(&ONE.replacen(part, replacement, 1));
    let start = format!("line {line}, column ");
    assert!(told.starts_with(&start), "{part}: {told}");
    let (_, told) =
        told.split_once(": GET /v1/x: ").unwrap_or_else(|| told.split_once(": ").unwrap());
    assert_eq!(told, problem, "{part}");
}

#[test]
fn a_catalogue_of_ones_own_is_read() {
    // Operators may be ahead of the built-in one.
    let catalogue = Catalogue::from_json(ONE).unwrap();
    let operation = catalogue.find(Method::Get, "/v1/x").unwrap();
    assert_eq!(operation.min_plan, Some(crate::Plan::Builder));
    assert_eq!(operation.param("start").unwrap().default.as_deref(), Some("1"));
    assert_eq!((catalogue.effective(), catalogue.operations().len()), ("2027-01", 1));
}

#[test]
fn a_mistyped_word_is_told_with_the_nearest_and_with_all_that_are_valid() {
    // A silent mistake in units or classes would be paid for.
    check(
        "\"coins\"",
        "\"coinz\"",
        5,
        "unknown unit \"coinz\"; did you mean \"coins\"? \
         (valid: coins, pairs, points, exchanges, scores, assets)",
    );
    check(
        "Hobbyist",
        "Grwoth",
        6,
        "unknown plan \"Grwoth\"; did you mean \"Growth\"? \
         (valid: Basic, Builder, Startup, Growth, Professional, Enterprise)",
    );
    check(
        "\"classic\"",
        "\"clasic\"",
        4,
        "unknown stack \"clasic\"; did you mean \"classic\"? (valid: classic, java)",
    );
    check(
        "\"default\":\"id\"",
        "\"default\":\"cmc_rnk\"",
        12,
        "unknown default \"cmc_rnk\"; did you mean \"cmc_rank\"? (valid: id, cmc_rank)",
    );
    check(
        "[\"id\"],\"exclusive\"",
        "[\"ids\"],\"exclusive\"",
        8,
        "unknown parameter \"ids\"; did you mean \"id\"? (valid: id, start, sort)",
    );
    for (word, mistyped, start) in [
        ("GET", "PUT", "unknown method \"PUT\"; did you mean \"GET\"?"),
        ("quotes.v1", "qoutes.v1", "unknown family \"qoutes.v1\"; did you mean \"quotes.v1\"?"),
        ("batch", "bath", "unknown price model \"bath\"; did you mean \"batch\"?"),
        ("\"list\"", "\"lists\"", "unknown keying \"lists\"; did you mean \"list\"?"),
        ("\"quotes\"", "\"quote\"", "unknown class \"quote\"; did you mean \"quotes\"?"),
        ("catalogue", "catalog", "unknown judge \"catalog\"; did you mean \"catalogue\"?"),
        ("integer", "integre", "unknown kind \"integre\"; did you mean \"integer\"?"),
        ("coin\"", "coni\"", "unknown subject \"coni\"; did you mean \"coin\"?"),
    ] {
        let told = refusal(&ONE.replacen(word, mistyped, 1));
        assert!(told.contains(start), "{told}");
    }
}

#[test]
fn fields_are_neither_unknown_nor_missing_nor_doubled() {
    // A misspelt field is one that does nothing.
    let told = refusal(&ONE.replacen("\"cadence_s\"", "\"cadence\"", 1));
    let start =
        "line 6, column 12: GET /v1/x: unknown field \"cadence\"; did you mean \"cadence_s\"?";
    assert!(told.starts_with(start), "{told}");
    check("\"cadence_s\":60,", "", 2, "field \"cadence_s\" is missing");
    check("\"kind\":\"ids\",", "", 10, "field \"kind\" is missing");
    check("\"of\":\"coin\",", "", 10, "field \"of\" is missing");
    check(",\"unit\":\"coins\"", "", 5, "field \"unit\" is missing");
    check("\"effective\":\"2027-01\",", "", 1, "field \"effective\" is missing");
    check(
        "\"keyless\":true,",
        "\"keyless\":true,\"keyless\":true,",
        6,
        "field \"keyless\" is given twice",
    );
    check(
        "\"of\":\"coin\"",
        "\"of\":\"coin\",\"min\":1",
        10,
        "field \"min\" does not go with kind \"ids\"",
    );
}

#[test]
fn values_that_make_no_sense_are_refused_where_they_stand() {
    // Each of them would mean something that nobody has written.
    for (part, replacement, line, problem) in [
        ("\"/v1/x\"", "\"v1/x\"", 2, "a path begins with / and has neither spaces nor a query"),
        ("\"version\":1", "\"version\":2", 2, "the path is of version 1, not 2"),
        ("100", "0", 5, "a batch of no items has no price"),
        ("60", "\"60\"", 6, "a whole number is expected, not \"60\""),
        ("\"2013-04-28\"", "\"2013\"", 7, "\"2013\" is neither \"all\" nor a day like 2013-04-28"),
        ("\"1\"", "\"one\"", 11, "the default \"one\" is refused: \"start\" must be a number"),
        ("\"max\":9", "\"max\":0", 11, "nothing is from 1 to 0"),
        ("\"start\"", "\"id\"", 11, "parameter \"id\" is listed twice"),
        ("\"start\"", "\"\"", 11, "\"\" is no parameter's name"),
        ("2027-01", "soon", 1, "\"soon\" is no month like 2026-10"),
    ] {
        let expected =
            if part == "\"/v1/x\"" { format!("GET v1/x: {problem}") } else { problem.to_owned() };
        check(part, replacement, line, &expected);
    }
    assert!(refusal("{").starts_with("line 1, column 1: this is no JSON"));
    assert!(refusal("[]").contains("an object is expected, not []"));
}

#[test]
fn an_operation_listed_twice_is_refused() {
    // Which of its prices holds would depend on the order.
    let entry = &ONE[ONE.find("{\"method").unwrap()..ONE.rfind("\n]}").unwrap()];
    let twice = ONE.replacen(entry, &format!("{entry},\n{entry}"), 1);
    assert_eq!(refusal(&twice), "line 13, column 1: GET /v1/x: it is listed twice");
}

#[test]
fn a_file_is_named_in_the_refusal() {
    // Whoever reads the line must know of which file.
    let missing = Catalogue::from_file(Path::new("there/is/none.json")).unwrap_err();
    assert!(missing.to_string().starts_with("there/is/none.json: "), "{missing}");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let told = Catalogue::from_file(&own).unwrap_err().to_string();
    assert!(told.starts_with(&format!("{}: line 1, column ", own.display())), "{told}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_are_fatal(at in 0..EMBEDDED.len(), n in 1..40_usize, with in "[ -~]{0,3}") {
        // A file may be cut, merged badly, or no catalogue at all.
        let (from, to) = (at, EMBEDDED.len().min(at + n));
        prop_assume!(EMBEDDED.is_char_boundary(from) && EMBEDDED.is_char_boundary(to));
        let mutated = format!("{}{with}{}", &EMBEDDED[..from], &EMBEDDED[to..]);
        if let Err(error) = Catalogue::from_json(&mutated) {
            prop_assert!(error.to_string().starts_with("line "), "{error}");
        }
    }
}

#[test]
fn every_field_that_is_left_out_or_mistyped_is_refused_or_harmless() {
    // Of one operation of each shape; the whole file would be the same fields again.
    for at in ONE.match_indices('"').map(|(at, _)| at).step_by(2) {
        let end = at + 1 + ONE[at + 1..].find('"').unwrap();
        let mistyped = format!("{}q{}", &ONE[..end], &ONE[end..]);
        let word = &ONE[at + 1..end];
        let is_free = ["An example", "/v1/x", "start", "id", "cmc_rank", "sort"].contains(&word);
        match Catalogue::from_json(&mistyped) {
            Ok(_) => assert!(is_free, "{word}"),
            Err(error) => assert!(error.to_string().starts_with("line "), "{error}"),
        }
    }
}
