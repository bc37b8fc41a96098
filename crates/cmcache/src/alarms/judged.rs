use clock::Timestamp;
use credits::{Budget, Burn, BurnAlarm, Credits, Funds, LevelState, Usage, Window};

use super::{Alarms, State, Told};
use crate::events::What;

/// One window of the budget, looked at.
struct Look {
    window: Window,
    start: Timestamp,
    reset: Timestamp,
    used: Credits,
    limit: Credits,
}

pub(super) fn judge(
    alarms: &Alarms,
    state: &mut State,
    budget: &Budget,
    usage: &Usage,
    now: Timestamp,
) -> Vec<Told> {
    let look = |window: Window, limit: Option<Credits>, used| {
        let (start, reset) = window.bounds(now, budget.anchor);
        Some(Look { window, start, reset, used, limit: limit? })
    };
    let month_start = Window::Month.start(now, budget.anchor);
    note_spending(state, month_start, usage.month, now);
    let day = look(Window::Day, budget.day, usage.day);
    let month = look(Window::Month, budget.month, usage.month);
    let mut told = Vec::new();
    told.extend(day.and_then(|look| level(alarms, &mut state.kept.day, &look)));
    if let Some(look) = month {
        told.extend(level(alarms, &mut state.kept.month, &look));
        for alarm in BurnAlarm::ALL {
            told.extend(burn(alarms, state, alarm, &look, now));
        }
    }
    told
}

/// What was spent since the last look, whoever spent it: the meter may be shared.
fn note_spending(state: &mut State, start: Timestamp, used: Credits, now: Timestamp) {
    let spent = match state.last {
        Some((before, last)) if before == start => used.saturating_sub(last),
        Some(_) => used,
        None => Credits::ZERO,
    };
    state.spending.add(spent, now);
    state.last = Some((start, used));
}

fn level(alarms: &Alarms, state: &mut LevelState, look: &Look) -> Option<Told> {
    let Look { window, start, reset, used, limit } = *look;
    let passed = alarms.levels.judge(state, start, used, limit)?;
    let id = format!("credits:{}:{window}:{start}:{limit}:{}", alarms.account, passed.level);
    let (used, limit) = (used.get(), limit.get());
    let (level, passed) = (passed.level, passed.passed);
    Some((id, What::CreditWarning { window, level, passed, used, limit, reset }))
}

fn burn(
    alarms: &Alarms,
    state: &mut State,
    alarm: BurnAlarm,
    look: &Look,
    now: Timestamp,
) -> Option<Told> {
    let was_firing = state.kept.firing.contains(alarm.name);
    let Look { window, start, reset, limit, used, .. } = *look;
    let pace = Funds { window, limit, used, start, reset };
    let Burn { is_firing, long_permille, short_permille, ends } =
        alarm.judge(&state.spending, &pace, was_firing, now);
    if is_firing == was_firing {
        return None;
    }
    if is_firing {
        state.kept.firing.insert(alarm.name.to_owned());
    } else {
        state.kept.firing.remove(alarm.name);
    }
    // Instances that see it within the same short stretch give it the same id.
    let short = i64::try_from(alarm.short.as_millis()).unwrap_or(i64::MAX);
    let when = Timestamp::from_millis(now.as_millis().div_euclid(short).saturating_mul(short));
    let id = format!("burn:{}:{}:{when}:{is_firing}", alarms.account, alarm.name);
    let what = What::BurnRate {
        alarm: alarm.name,
        is_firing,
        long_permille,
        short_permille,
        threshold_permille: alarm.permille,
        used: used.get(),
        limit: limit.get(),
        ends,
        reset,
    };
    Some((id, what))
}
