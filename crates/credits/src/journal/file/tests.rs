use std::sync::Arc;

use clock::Timestamp;

use super::*;
use crate::Credits;

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);

fn open_one() -> OpenReservation {
    OpenReservation {
        id: ReservationId::new(NOON),
        at: NOON,
        lost_at: NOON.after(limits::HOLD),
        account: "upstream".into(),
        operation: "quotes".into(),
        n_keys: 3,
        price: Credits::new(2),
        block: None,
    }
}

fn booked(open: &OpenReservation) -> Posting {
    Posting {
        id: open.id,
        at: NOON,
        account: Arc::clone(&open.account),
        operation: Arc::clone(&open.operation),
        n_keys: open.n_keys,
        reserved: open.price,
        charged: Credits::new(1),
        assumed: false,
        elapsed_ms: 40,
        outcome: "ok".into(),
    }
}

fn released(open: &OpenReservation) -> End {
    End::Released { id: open.id, at: NOON, outcome: "refused".into() }
}

/// Opens `[left open, settled, released]` and ends them.
fn write_three(journal: &FileJournal) -> [OpenReservation; 3] {
    let three = [open_one(), open_one(), open_one()];
    for open in &three {
        journal.opened(open).unwrap();
    }
    journal.closed(&End::Booked(booked(&three[1]))).unwrap();
    journal.closed(&released(&three[2])).unwrap();
    three
}

fn file_of(folder: &Path) -> PathBuf {
    folder.join(JOURNAL_FILE)
}

fn recovered(folder: &Path) -> Recovered {
    FileJournal::open(folder).unwrap().recover("upstream").unwrap()
}

#[test]
fn a_second_process_is_told_clearly() {
    // Two processes on one budget would spend it twice.
    let folder = tempfile::tempdir().unwrap();
    let first = FileJournal::open(folder.path()).unwrap();
    let second = FileJournal::open(folder.path()).unwrap_err();
    assert!(matches!(second, JournalError::InUse(_)), "{second}");
    drop(first);
    FileJournal::open(folder.path()).unwrap();
}

#[test]
fn what_is_open_or_unbooked_is_recovered_until_it_is_trimmed() {
    // A start may fail half-way, and the next one must find the same.
    let folder = tempfile::tempdir().unwrap();
    let [open, settled, _] = write_three(&FileJournal::open(folder.path()).unwrap());
    let expected =
        Recovered { open: vec![open], unposted: vec![booked(&settled)], ..Recovered::default() };
    assert_eq!(recovered(folder.path()), expected);
    let journal = FileJournal::open(folder.path()).unwrap();
    assert_eq!(journal.recover("upstream").unwrap(), expected);
    assert_eq!(journal.recover("somebody else").unwrap(), Recovered::default());
    let lost = booked(&expected.open[0]);
    journal.closed(&End::Booked(lost.clone())).unwrap();
    let left = journal.recover("upstream").unwrap();
    assert_eq!((left.open.len(), left.unposted.len()), (0, 2));
    journal.trim(&[lost.id, settled.id]).unwrap();
    assert_eq!(journal.recover("upstream").unwrap(), Recovered::default());
}

#[test]
fn what_this_run_does_is_not_recovered_by_it() {
    // It would be booked as lost while it is under way.
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path()).unwrap();
    write_three(&journal);
    assert_eq!(journal.recover("upstream").unwrap(), Recovered::default());
}

#[test]
fn a_journal_cut_at_any_byte_never_forgets_a_whole_record() {
    // A death, or a full disk, may stop a write anywhere.
    let folder = tempfile::tempdir().unwrap();
    let [open, settled, released] = write_three(&FileJournal::open(folder.path()).unwrap());
    let whole = fs::read(file_of(folder.path())).unwrap();
    for end in (0..=whole.len()).filter(|end| end % 7 == 0 || whole[end - 1] == b'\n') {
        let copy = tempfile::tempdir().unwrap();
        fs::write(file_of(copy.path()), &whole[..end]).unwrap();
        let left = recovered(copy.path());
        let n_lines = whole[..end].iter().filter(|byte| **byte == b'\n').count();
        let known = |one: &OpenReservation| {
            left.open.iter().any(|open| open.id == one.id)
                || left.unposted.iter().any(|posting| posting.id == one.id)
        };
        assert_eq!(known(&open), n_lines >= 1);
        assert_eq!(known(&settled), n_lines >= 2);
        assert_eq!(known(&released), (3..5).contains(&n_lines));
        assert_eq!(left.n_damaged, 0);
    }
}

#[test]
fn a_damaged_record_is_counted_and_hides_no_other() {
    // One bad sector must not cost the books.
    let folder = tempfile::tempdir().unwrap();
    let [_, settled, _] = write_three(&FileJournal::open(folder.path()).unwrap());
    let mut bytes = fs::read(file_of(folder.path())).unwrap();
    bytes[30] ^= 1;
    fs::write(file_of(folder.path()), &bytes).unwrap();
    let left = recovered(folder.path());
    assert_eq!((left.n_damaged, left.open.len()), (1, 0));
    assert_eq!(left.unposted, [booked(&settled)]);
}

#[test]
fn a_torn_write_does_not_swallow_the_next_record() {
    // The disk may be full for one record and have room again for the next.
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path()).unwrap();
    let torn = record::encode(&RecordRef::Opened(&open_one())).unwrap();
    {
        let mut pages = journal.pages();
        pages.file.write_all(&torn[..torn.len() / 2]).unwrap();
        pages.torn = true;
    }
    let open = open_one();
    journal.opened(&open).unwrap();
    drop(journal);
    let left = recovered(folder.path());
    assert_eq!((left.open, left.n_damaged), (vec![open], 1));
}

#[test]
fn space_is_given_back_and_the_living_survive_it() {
    // A gateway runs for years.
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path()).unwrap();
    let living = open_one();
    journal.opened(&living).unwrap();
    while journal.pages().n_bytes <= limits::JOURNAL_BYTES_MAX {
        journal.opened(&open_one()).unwrap();
    }
    let many: Vec<_> = journal.pages().live.keys().copied().collect();
    let dead: Vec<_> = many.into_iter().filter(|id| *id != living.id).collect();
    journal.trim(&dead).unwrap();
    assert!(fs::metadata(file_of(folder.path())).unwrap().len() < 1_000);
    drop(journal);
    assert_eq!(recovered(folder.path()).open, [living]);
}

#[test]
fn a_journal_of_the_dead_is_emptied_in_place() {
    // The usual case: everything is acknowledged every few seconds.
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path()).unwrap();
    let mut n_bytes_max = 0;
    for _ in 0..1_000 {
        let open = open_one();
        journal.opened(&open).unwrap();
        journal.closed(&released(&open)).unwrap();
        n_bytes_max = n_bytes_max.max(fs::metadata(file_of(folder.path())).unwrap().len());
    }
    assert!(n_bytes_max < limits::JOURNAL_BYTES_IDLE_MAX + 1_000, "{n_bytes_max}");
    let open = open_one();
    journal.opened(&open).unwrap();
    drop(journal);
    assert_eq!(recovered(folder.path()).open, [open]);
}

/// A block of whose three calls one is settled with 1 credit, one released and one open.
fn write_block(journal: &FileJournal) -> OpenBlock {
    let block = OpenBlock {
        id: ReservationId::new(NOON),
        lost_at: NOON.after(limits::HOLD),
        account: "upstream".into(),
        charged: Credits::ZERO,
    };
    journal.leasing(&block).unwrap();
    let three = [(); 3].map(|()| OpenReservation { block: Some(block.id), ..open_one() });
    for open in &three {
        journal.opened(open).unwrap();
    }
    journal.closed(&End::Booked(booked(&three[0]))).unwrap();
    journal.closed(&released(&three[1])).unwrap();
    journal.trim(&[three[0].id]).unwrap();
    OpenBlock { charged: Credits::new(1), ..block }
}

#[test]
fn a_block_is_recovered_with_what_is_charged_to_it_until_it_is_returned() {
    // After a crash the meter would be told too little, and hand it out again; or nothing, and
    // the rest of the block would be lost.
    let folder = tempfile::tempdir().unwrap();
    let block = write_block(&FileJournal::open(folder.path()).unwrap());
    for _ in 0..3 {
        // Each opening writes the file anew: sums must not be taken twice.
        let left = recovered(folder.path());
        assert_eq!((left.blocks, left.open.len()), (vec![block.clone()], 1));
    }
    let journal = FileJournal::open(folder.path()).unwrap();
    let lost = booked(&journal.recover("upstream").unwrap().open[0]);
    journal.closed(&End::Booked(lost)).unwrap();
    let charged = journal.recover("upstream").unwrap().blocks[0].charged;
    assert_eq!(charged, Credits::new(2), "what was open is charged to it, too");
    journal.returned(block.id).unwrap();
    drop(journal);
    assert_eq!(recovered(folder.path()).blocks, []);
}

#[test]
fn a_block_of_this_run_is_not_recovered_by_it() {
    // It would be given back while it is drawn from.
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path()).unwrap();
    write_block(&journal);
    assert_eq!(journal.recover("upstream").unwrap().blocks, []);
}
