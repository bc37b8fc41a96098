use super::*;

#[test]
fn figures_add_up_and_never_wrap() {
    // A counter that wraps would turn a busy year into a quiet one.
    let mut figures = Figures::ZERO;
    figures.add(Figure::Full, 3);
    figures.add(Figure::Worth, u64::MAX);
    let earlier = figures;
    figures.add(Figure::Full, 4);
    figures.add(Figure::Worth, 1);
    assert_eq!((figures[Figure::Full], figures[Figure::Worth]), (7, u64::MAX));
    assert_eq!(figures.since(&earlier)[Figure::Full], 4);
    assert_eq!(earlier.since(&figures), Figures::ZERO);
}

#[test]
fn answers_are_those_that_were_given() {
    // A request that failed is no answer: it must not improve what an answer costs.
    let mut figures = Figures::ZERO;
    for (figure, amount) in [
        (Figure::Full, 1),
        (Figure::Partial, 2),
        (Figure::Cold, 4),
        (Figure::Stale, 8),
        (Figure::Failed, 16),
    ] {
        figures.add(figure, amount);
    }
    assert_eq!(figures.answers(), 15);
}

#[test]
fn an_hour_begins_where_the_clock_says() {
    // An hour that is cut wrong would count the same answers in two reports, or in none.
    let at = Timestamp::parse("2026-10-05T09:59:59.999Z").unwrap();
    assert_eq!(Tally::hour_of(at).to_string(), "2026-10-05T09:00:00.000Z");
    assert_eq!(Tally::hour_of(Timestamp::from_millis(-1)).as_millis(), -HOUR_MS);
}

#[test]
fn every_figure_has_a_name_of_its_own_and_its_place() {
    // They are columns of a table.
    let names: std::collections::BTreeSet<_> = Figure::ALL.map(Figure::name).into();
    assert_eq!(names.len(), N_FIGURES);
    for (place, figure) in Figure::ALL.into_iter().enumerate() {
        assert_eq!(figure as usize, place);
    }
}
