//! How results of several subjects are keyed, where a single one may stand alone.

use crate::json::Json;
use crate::market::Subject;
use crate::operations::Ask;
use crate::refusal::Refusal;
use crate::resolve::Named;

/// What stands around the objects of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keying {
    /// One object, alone.
    Bare,
    /// One object under each key.
    Keyed,
    /// A list under each key.
    Listed,
}

/// What a request gets: its objects by key, and how they are written.
#[derive(Debug)]
pub(crate) struct Keyed<T> {
    pub(crate) keying: Keying,
    pub(crate) rows: Vec<(String, Vec<T>)>,
}

impl Keyed<Subject> {
    /// Always an object by key; by symbol a list from v2 on.
    pub(crate) fn always(ask: &Ask<'_>, named: Named) -> Result<Self, Refusal> {
        let is_listed = named.parameter == "symbol" && ask.version >= 2;
        let keying = if is_listed { Keying::Listed } else { Keying::Keyed };
        Self::of(ask, named, keying)
    }

    /// The same, but one identifier alone gets the bare object in v1 and v2.
    pub(crate) fn or_bare(ask: &Ask<'_>, named: Named) -> Result<Self, Refusal> {
        let is_listed = named.parameter == "symbol" && ask.version >= 2;
        let keying = match named.n_asked() {
            _ if is_listed => Keying::Listed,
            1 if ask.version < 3 => Keying::Bare,
            _ => Keying::Keyed,
        };
        Self::of(ask, named, keying)
    }

    fn of(ask: &Ask<'_>, named: Named, keying: Keying) -> Result<Self, Refusal> {
        let skips = ask.skips(&named, true);
        let mut found = named.or_refuse(skips)?;
        if keying != Keying::Listed {
            found.iter_mut().for_each(|found| found.subjects.truncate(1));
        }
        let keying = match keying {
            Keying::Bare if found.is_empty() => Keying::Keyed,
            keying => keying,
        };
        let rows = found.into_iter().map(|found| (found.key, found.subjects)).collect();
        Ok(Self { keying, rows })
    }
}

impl<T> Keyed<T> {
    pub(crate) fn map<U>(self, mut change: impl FnMut(T) -> U) -> Keyed<U> {
        let mut each = |(key, row): (String, Vec<T>)| {
            (key, row.into_iter().map(&mut change).collect::<Vec<U>>())
        };
        Keyed { keying: self.keying, rows: self.rows.into_iter().map(&mut each).collect() }
    }

    pub(crate) fn objects(&self) -> impl Iterator<Item = &T> {
        self.rows.iter().flat_map(|(_, row)| row)
    }

    pub(crate) fn write(&self, json: &mut Json, mut object: impl FnMut(&mut Json, &T)) {
        if self.keying == Keying::Bare {
            return self.objects().take(1).for_each(|it| object(json, it));
        }
        json.open_object();
        for (key, row) in &self.rows {
            json.key(key);
            if self.keying == Keying::Listed {
                json.open_array();
            }
            row.iter().for_each(|it| object(json, it));
            if self.keying == Keying::Listed {
                json.close_array();
            }
        }
        json.close_object();
    }
}
