use super::*;

#[test]
fn a_part_is_read_as_it_is_written() {
    // What `client list` prints must be what a configuration takes.
    for (text, thousandths) in [("0%", 0), ("20%", 200), ("12.5%", 125), ("100%", 1_000)] {
        let part: Part = text.parse().unwrap();
        assert_eq!((part.get(), part.to_string().as_str()), (thousandths, text));
    }
    assert_eq!("7.0 %".parse(), Ok(Part::permille(70)));
}

#[test]
fn what_is_no_part_is_refused() {
    // `0.2` may mean a fifth or a fifth of a percent: nobody guesses.
    for text in ["", "%", "20", "0.2", "100.1%", "-5%", "1.25%", "5e1%", "99999%", ".5%", "5.%"] {
        assert!(text.parse::<Part>().is_err(), "{text}");
    }
}

#[test]
fn parts_of_a_budget_never_exceed_it() {
    // Rounded up, three thirds would reserve more than there is.
    let thirds = [333, 333, 334].map(|n| Part::permille(n).of(Credits::new(10)).get());
    assert_eq!(thirds, [3, 3, 3]);
    assert_eq!(Part::WHOLE.of(Credits::MAX), Credits::MAX);
    assert_eq!(Part::permille(2_000), Part::WHOLE);
}

#[test]
fn a_quota_survives_its_file() {
    // A field that is lost on the way is a limit that nobody keeps.
    let quota = Quota {
        month: Some(Credits::new(5_000)),
        day: Some(Credits::new(200)),
        minute: Some(30),
        priority: Priority::Essential,
        reserved: Part::permille(125),
    };
    let text = serde_json::to_string(&quota).unwrap();
    assert_eq!(serde_json::from_str::<Quota>(&text).unwrap(), quota, "{text}");
    assert_eq!(serde_json::from_str::<Quota>("{}").unwrap(), Quota::default());
    assert!(serde_json::from_str::<Quota>(r#"{"mnth":1}"#).is_err());
}

#[test]
fn priorities_are_ordered() {
    // A floor lets everybody above it through.
    assert!(Priority::Low < Priority::Normal && Priority::Normal < Priority::Essential);
    assert_eq!("essential".parse(), Ok(Priority::Essential));
    assert!("high".parse::<Priority>().is_err());
}
