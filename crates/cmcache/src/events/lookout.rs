use std::{collections::BTreeMap, sync::Arc};

use super::What;

/// Remembers who was up, and tells of changes: edges, not states.
#[derive(Debug, Default)]
pub(crate) struct Lookout {
    tiers: BTreeMap<Arc<str>, bool>,
    operations: BTreeMap<Arc<str>, bool>,
}

impl Lookout {
    /// What has changed of the tiers; each is up unless it was seen down before.
    pub(crate) fn tiers(&mut self, now: impl IntoIterator<Item = (Arc<str>, bool)>) -> Vec<What> {
        let edge =
            |tier, is_up| if is_up { What::TierUp { tier } } else { What::TierDown { tier } };
        edges(&mut self.tiers, now, edge)
    }

    /// What has changed of the operations' breakers.
    pub(crate) fn operations(
        &mut self,
        now: impl IntoIterator<Item = (Arc<str>, bool)>,
    ) -> Vec<What> {
        edges(&mut self.operations, now, |operation, is_up| match is_up {
            true => What::BreakerClosed { operation },
            false => What::BreakerOpened { operation },
        })
    }
}

fn edges(
    before: &mut BTreeMap<Arc<str>, bool>,
    now: impl IntoIterator<Item = (Arc<str>, bool)>,
    edge: impl Fn(Arc<str>, bool) -> What,
) -> Vec<What> {
    let mut changes = Vec::new();
    for (name, is_up) in now {
        let was_up = before.insert(Arc::clone(&name), is_up).unwrap_or(true);
        if was_up != is_up {
            changes.push(edge(name, is_up));
        }
    }
    changes
}
