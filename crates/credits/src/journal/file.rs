use std::{
    collections::BTreeMap,
    fmt,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::record::{self, Record, RecordRef};
use crate::{
    End, Journal, OpenBlock, OpenReservation, Posting, PostingId, Recovered, ReservationId, limits,
};

const JOURNAL_FILE: &str = "credits.journal";
const LOCK_FILE: &str = "credits.journal.lock";
const FRESH_FILE: &str = "credits.journal.new";

/// A journal in one append-only file of a data directory, held by one process at a time.
///
/// Each record is one `write`, so that it survives the death of the process at any instruction.
/// It is not forced onto the disk: when the machine loses power, the last moments may be missing,
/// and upstream's own count has to [fill in](crate::Account::raise).
pub struct FileJournal {
    pages: Mutex<Pages>,
    _lock: File,
}

/// A journal could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Two processes on one journal would spend one budget twice.
    #[error("another process keeps its journal in {}", .0.display())]
    InUse(PathBuf),
    /// The file system does not let us.
    #[error("the journal in {} cannot be opened", .directory.display())]
    Io {
        /// Where.
        directory: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

struct Pages {
    directory: PathBuf,
    file: File,
    n_bytes: u64,
    rewrite_above: u64,
    /// The last write stopped half-way: its rest must not swallow the next record.
    torn: bool,
    live: BTreeMap<ReservationId, Live>,
    blocks: BTreeMap<ReservationId, LiveBlock>,
    n_damaged: u64,
}

/// A block that the meter has not had the last word of.
struct LiveBlock {
    block: OpenBlock,
    from_earlier_run: bool,
}

/// What still has to be remembered of a reservation.
struct Live {
    stage: Stage,
    from_earlier_run: bool,
}

enum Stage {
    Open(OpenReservation),
    Booked(Posting),
}

impl FileJournal {
    /// Opens the journal in `directory`, which is made if need be, and reads what an earlier run
    /// left there.
    ///
    /// # Errors
    /// [`JournalError::InUse`] while another process has it open.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let io = |source| JournalError::Io { directory: directory.to_owned(), source };
        fs::create_dir_all(directory).map_err(io)?;
        let lock = writable(&directory.join(LOCK_FILE)).map_err(io)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::InUse(directory.to_owned()));
            }
            Err(TryLockError::Error(source)) => return Err(io(source)),
        }
        let pages = Pages::read(directory).map_err(io)?;
        Ok(Self { pages: Mutex::new(pages), _lock: lock })
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal for FileJournal {
    fn opened(&self, open: &OpenReservation) -> io::Result<()> {
        let mut pages = self.pages();
        pages.append(&RecordRef::Opened(open))?;
        let stage = Stage::Open(open.clone());
        pages.live.insert(open.id, Live { stage, from_earlier_run: false });
        Ok(())
    }

    fn closed(&self, end: &End) -> io::Result<()> {
        let mut pages = self.pages();
        pages.append(&RecordRef::Closed(end))?;
        pages.close(end.clone(), false);
        pages.tidy()
    }

    fn leasing(&self, block: &OpenBlock) -> io::Result<()> {
        let mut pages = self.pages();
        pages.append(&RecordRef::Leasing(block))?;
        let live = LiveBlock { block: block.clone(), from_earlier_run: false };
        pages.blocks.insert(block.id, live);
        Ok(())
    }

    fn returned(&self, block: ReservationId) -> io::Result<()> {
        let mut pages = self.pages();
        pages.append(&RecordRef::Returned(&block))?;
        pages.blocks.remove(&block);
        pages.tidy()
    }

    fn recover(&self, account: &str) -> io::Result<Recovered> {
        let pages = self.pages();
        let mut left = Recovered { n_damaged: pages.n_damaged, ..Recovered::default() };
        for live in pages.live.values().filter(|live| live.from_earlier_run) {
            match &live.stage {
                Stage::Open(open) if *open.account == *account => left.open.push(open.clone()),
                Stage::Booked(posting) if *posting.account == *account => {
                    left.unposted.push(posting.clone());
                }
                Stage::Open(_) | Stage::Booked(_) => {}
            }
        }
        let earlier = pages.blocks.values().filter(|live| live.from_earlier_run);
        let blocks = earlier.map(|live| live.block.clone());
        left.blocks = blocks.filter(|block| *block.account == *account).collect();
        Ok(left)
    }

    fn trim(&self, acknowledged: &[PostingId]) -> io::Result<()> {
        let mut pages = self.pages();
        for id in acknowledged {
            pages.live.remove(id);
        }
        pages.tidy()
    }
}

impl fmt::Debug for FileJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pages = self.pages();
        f.debug_struct("FileJournal")
            .field("directory", &pages.directory)
            .field("n_bytes", &pages.n_bytes)
            .field("n_live", &pages.live.len())
            .field("n_blocks", &pages.blocks.len())
            .finish_non_exhaustive()
    }
}

impl Pages {
    fn read(directory: &Path) -> io::Result<Self> {
        let mut pages = Self {
            directory: directory.to_owned(),
            file: writable(&directory.join(JOURNAL_FILE))?,
            n_bytes: 0,
            rewrite_above: limits::JOURNAL_BYTES_MAX,
            torn: false,
            live: BTreeMap::new(),
            blocks: BTreeMap::new(),
            n_damaged: 0,
        };
        pages.replay(BufReader::new(File::open(directory.join(JOURNAL_FILE))?))?;
        // Also cuts a torn end off, so that what is appended stands on a line of its own.
        pages.rewrite()?;
        Ok(pages)
    }

    fn replay(&mut self, mut from: impl BufRead) -> io::Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            from.read_until(b'\n', &mut line)?;
            let Some(text) = line.strip_suffix(b"\n") else {
                return Ok(()); // the end, or a record that was being written at the end
            };
            match record::decode(text) {
                Some(Record::Opened(open)) => {
                    let stage = Stage::Open(open.clone());
                    self.live.insert(open.id, Live { stage, from_earlier_run: true });
                }
                Some(Record::Closed(end)) => self.close(end, true),
                Some(Record::Leasing(block)) => {
                    self.blocks.insert(block.id, LiveBlock { block, from_earlier_run: true });
                }
                Some(Record::Returned(block)) => {
                    self.blocks.remove(&block);
                }
                None if text.is_empty() => {}
                None => self.n_damaged += 1,
            }
        }
    }

    /// A booked end tells all by itself; it counts even if its beginning is damaged.
    fn close(&mut self, end: End, replayed: bool) {
        match end {
            End::Booked(posting) => {
                let id = posting.id;
                self.charge(&posting);
                let earlier = self.live.get(&id).is_some_and(|live| live.from_earlier_run);
                let from_earlier_run = replayed || earlier;
                self.live.insert(id, Live { stage: Stage::Booked(posting), from_earlier_run });
            }
            End::Released { id, .. } => {
                self.live.remove(&id);
            }
        }
    }

    /// To the block that the posting's reservation was drawn from. A posting that stands in the
    /// file without its beginning is in the block's sum already.
    fn charge(&mut self, posting: &Posting) {
        let Some(Live { stage: Stage::Open(open), .. }) = self.live.get(&posting.id) else {
            return;
        };
        let block = open.block.and_then(|block| self.blocks.get_mut(&block));
        if let Some(LiveBlock { block, .. }) = block {
            block.charged = block.charged.saturating_add(posting.charged);
        }
    }

    fn append(&mut self, record: &RecordRef<'_>) -> io::Result<()> {
        let mut line = record::encode(record)?;
        if self.torn {
            line.insert(0, b'\n');
        }
        let n_written = write_once(&mut self.file, &line)?;
        self.n_bytes += n_written as u64;
        self.torn = n_written < line.len();
        if self.torn { Err(io::ErrorKind::WriteZero.into()) } else { Ok(()) }
    }

    /// Gives space back when nothing lives, or when the dead have become too many.
    fn tidy(&mut self) -> io::Result<()> {
        let is_bare = self.live.is_empty() && self.blocks.is_empty();
        if is_bare && self.n_bytes >= limits::JOURNAL_BYTES_IDLE_MAX {
            self.file.set_len(0)?;
            self.n_bytes = 0;
            self.torn = false;
        } else if self.n_bytes > self.rewrite_above {
            self.rewrite()?;
        }
        Ok(())
    }

    /// Writes the living into a new file and puts it in the place of the old one, at once.
    fn rewrite(&mut self) -> io::Result<()> {
        let mut text = Vec::new();
        for live in self.blocks.values() {
            text.extend(record::encode(&RecordRef::Leasing(&live.block))?);
        }
        for live in self.live.values() {
            text.extend(match &live.stage {
                Stage::Open(open) => record::encode(&RecordRef::Opened(open))?,
                Stage::Booked(posting) => {
                    record::encode(&RecordRef::Closed(&End::Booked(posting.clone())))?
                }
            });
        }
        let fresh = self.directory.join(FRESH_FILE);
        let path = self.directory.join(JOURNAL_FILE);
        let mut file = File::create(&fresh)?;
        file.write_all(&text)?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        self.file = writable(&path)?;
        self.n_bytes = text.len() as u64;
        self.rewrite_above = limits::JOURNAL_BYTES_MAX.max(2 * self.n_bytes);
        self.torn = false;
        Ok(())
    }
}

fn writable(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}

fn write_once(file: &mut File, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match file.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests;
