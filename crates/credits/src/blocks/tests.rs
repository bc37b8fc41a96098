use super::*;

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
const SECOND: Duration = Duration::from_secs(1);

fn credits(amount: u64) -> Credits {
    Credits::new(amount)
}

fn block(amount: u64, calls: u64) -> Block {
    Block { credits: credits(amount), calls }
}

fn draft() -> Draft {
    Draft::new(&LeaseTerms::default(), &Budget::UNLIMITED, NOON)
}

/// With one block of so many credits and calls.
fn with(amount: u64, calls: u64) -> (Blocks, ReservationId) {
    let (mut blocks, draft) = (Blocks::default(), draft());
    blocks.add(&draft, block(amount, calls), None);
    (blocks, draft.id)
}

fn report(blocks: &mut Blocks, now: Timestamp) -> Option<(u64, u64, u64, bool)> {
    let reports = blocks.reports(limits::BLOCK_IDLE, now);
    assert!(reports.len() < 2, "{reports:?}");
    let report = reports.first()?;
    let told = (report.charged.get(), report.ceiling.get(), report.calls, report.ended);
    blocks.told(report);
    Some(told)
}

#[test]
fn no_more_is_drawn_than_was_leased() {
    // The meter has promised the rest to others.
    let (mut blocks, id) = with(10, 3);
    assert_eq!(blocks.draw(credits(7), NOON), Some(id));
    assert_eq!(blocks.draw(credits(4), NOON), None);
    assert_eq!(blocks.draw(credits(3), NOON), Some(id));
    assert_eq!(blocks.draw(credits(0), NOON), Some(id), "a free call, the third");
    assert_eq!(blocks.draw(credits(0), NOON), None, "there was no fourth");
}

#[test]
fn what_a_call_did_not_take_can_be_drawn_again() {
    // A block would last for half of what it holds.
    let (mut blocks, id) = with(5, 9);
    blocks.draw(credits(5), NOON);
    blocks.end(id, credits(5), Some(credits(2)));
    assert_eq!(blocks.draw(credits(4), NOON), None);
    assert_eq!(blocks.draw(credits(3), NOON), Some(id));
    blocks.end(id, credits(3), None);
    assert_eq!(blocks.draw(credits(3), NOON), Some(id), "it never went out");
}

#[test]
fn the_meter_is_told_of_charges_once() {
    // It would be asked every second about nothing.
    let (mut blocks, id) = with(5, 9);
    assert_eq!(report(&mut blocks, NOON), None);
    blocks.draw(credits(3), NOON);
    assert_eq!(report(&mut blocks, NOON), None, "what is under way is held already");
    blocks.end(id, credits(3), Some(credits(2)));
    assert_eq!(report(&mut blocks, NOON), Some((2, 5, 9, false)));
    assert_eq!(report(&mut blocks, NOON), None);
}

#[test]
fn an_idle_block_goes_back_and_waits_for_what_is_under_way() {
    // Others would be refused what nobody uses; or a charge would have no block.
    let (mut blocks, id) = with(9, 9);
    blocks.draw(credits(3), NOON);
    blocks.draw(credits(1), NOON);
    blocks.end(id, credits(1), Some(credits(1)));
    let later = NOON.after(limits::BLOCK_IDLE);
    assert_eq!(report(&mut blocks, later), Some((1, 4, 2, false)));
    assert_eq!(blocks.draw(credits(1), later), None);
    blocks.end(id, credits(3), Some(credits(2)));
    assert_eq!(report(&mut blocks, later), Some((3, 3, 2, true)));
    assert_eq!(blocks.ahead(later), Ahead::default());
}

#[test]
fn nothing_is_drawn_when_a_block_is_over() {
    // Soon the meter will have booked it as lost.
    let (mut blocks, _) = with(9, 9);
    let end = NOON.after(limits::BLOCK_LIFE);
    assert!(blocks.draw(credits(1), end.before(SECOND)).is_some());
    assert_eq!(blocks.draw(credits(1), end), None);
    assert_eq!(report(&mut blocks, end), Some((0, 1, 1, false)));
}

#[test]
fn where_calls_are_limited_a_block_ends_with_its_minute() {
    // Its calls are counted in the minute in which they were leased.
    let budget = Budget { minute_calls: Some(30), ..Budget::UNLIMITED };
    let draft = Draft::new(&LeaseTerms::default(), &budget, NOON.after(SECOND * 50));
    assert_eq!(draft.until, NOON.after(SECOND * 60));
    assert_eq!(draft.lost_at, draft.at.after(limits::BLOCK_LIFE + limits::HOLD));
}

#[test]
fn a_block_is_wanted_when_the_last_one_runs_out_and_somebody_asks() {
    // Else every fiftieth miss waits for the meter; or blocks are leased for nobody.
    let terms = LeaseTerms::default();
    let (mut blocks, _) = with(8, 8);
    assert!(!blocks.is_running_out(&terms, NOON));
    for _ in 0..6 {
        blocks.draw(credits(1), NOON);
    }
    assert!(!blocks.is_running_out(&terms, NOON), "a quarter is left");
    blocks.draw(credits(1), NOON);
    assert!(blocks.is_running_out(&terms, NOON));
    assert!(!blocks.is_running_out(&terms, NOON.after(terms.idle)), "nobody has asked for long");
    blocks.add(&draft(), block(8, 8), None);
    assert!(!blocks.is_running_out(&terms, NOON));
    let ageing = NOON.after(limits::BLOCK_LIFE).before(SECOND);
    blocks.draw(credits(1), ageing);
    assert!(blocks.is_running_out(&terms, ageing), "it will be over soon");
}

#[test]
fn a_no_holds_for_a_moment_and_for_no_less() {
    // Thousands who ask at once would all ask the meter, one after the other.
    let mut blocks = Blocks::default();
    let decision = Budget { month: Some(credits(3)), ..Budget::UNLIMITED };
    let wanted = LeaseTerms::default().wanted(credits(5));
    let crate::Lease::Refused(refusal) = decision.lease(&crate::Usage::default(), &wanted, NOON)
    else {
        panic!("5 of 3 were granted")
    };
    let no = No::Refused(credits(5), refusal);
    blocks.remember_no(no, NOON);
    assert_eq!(blocks.no(credits(5), NOON), Some(no));
    assert_eq!(blocks.no(credits(4), NOON), None);
    assert_eq!(blocks.no(credits(5), NOON.after(limits::NO_HOLDS)), None);
    assert_eq!(blocks.no(credits(5), NOON.before(SECOND)), None, "the clock was set back");
}
