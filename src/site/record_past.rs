//! What git says of a record, as its page tells it: every change in the words
//! of the form, and how long it stood in each state.

use super::context::Context;
use super::markup::Markup;
use super::view::view;
use crate::calendar::Moment;
use crate::change::{Piece, PieceKind};
use crate::exchange::atom::did_word;
use crate::organisation::Subject;
use crate::past::{Beginning, FactView, Step, Telling, stays};

/// From a folder up to the root.
const ROOT: &str = "../";
/// So many changes are shown at once; older ones are folded.
const LATEST: usize = 8;

view! {
    /// Everything that git says of a record.
    PastView {
        count: usize,
        stays: Vec<StayView>,
        groups: Vec<GroupView>,
        note: String,
    }
}

view! {
    /// How long it stood in a state.
    StayView {
        state: Markup,
        since: Markup,
        working_days: String,
        time: String,
    }
}

view! {
    /// Changes that are shown together; folded ones under a label.
    GroupView {
        folded: Option<String>,
        steps: Vec<PastStepView>,
    }
}

view! {
    /// A change.
    PastStepView {
        when: Option<Markup>,
        who: Option<Markup>,
        did: String,
        note: Option<String>,
        commit: Option<String>,
        lines: Vec<LineView>,
    }
}

view! {
    /// A part that changed.
    LineView {
        label: String,
        before: String,
        after: String,
        pieces: Vec<PieceView>,
    }
}

view! {
    /// A piece of a text: `same`, `removed` or `added`.
    PieceView {
        kind: &'static str,
        text: String,
    }
}

/// What git says; none where it says nothing, and for outsiders.
pub(super) fn past(context: &Context<'_>, index: usize) -> Option<PastView> {
    let timeline = context.past.timeline(context.outlook, index)?;
    let note = match timeline.beginning {
        Beginning::Nowhere if timeline.steps.is_empty() => return None,
        Beginning::Known | Beginning::Nowhere => "",
        Beginning::Beyond => context.word("site.past.beyond"),
        Beginning::KeptBack => context.word("site.past.kept_back"),
    };
    let register = context.register;
    let kind = register.kind_of(&register.records[index]);
    let until = context.outlook.as_of;
    let stays = stays(&timeline, kind, &register.calendar, until);
    let telling = Telling::new(context.display);
    let stays = stays.into_iter().map(|stay| StayView {
        state: match kind.state(&stay.state) {
            Some(state) => context.state_tag(&register.records[index], state),
            None => Markup::text(&stay.state),
        },
        since: context.dates.moment(Moment::Instant(stay.since)),
        working_days: stay.working_days.map_or_else(String::new, |days| {
            let days = days.to_string();
            let values = [("count", &*days)];
            context.words.filled("site.past.working_days", &values)
        }),
        time: telling.wall_time(stay.time),
    });
    let stays: Vec<StayView> = stays.collect();
    let count = timeline.steps.len();
    let mut steps: Vec<PastStepView> = { timeline.steps.iter() }
        .map(|step| step_view(context, &telling, index, step))
        .collect();
    let older = steps.split_off(count.min(LATEST));
    let mut groups = vec![GroupView {
        folded: None,
        steps,
    }];
    if !older.is_empty() {
        let count = older.len().to_string();
        let label = context
            .words
            .filled("site.past.older", &[("count", &count)]);
        groups.push(GroupView {
            folded: Some(label),
            steps: older,
        });
    }
    Some(PastView {
        count,
        stays,
        groups,
        note: note.to_owned(),
    })
}

fn step_view(
    context: &Context<'_>,
    telling: &Telling<'_>,
    index: usize,
    step: &Step<'_>,
) -> PastStepView {
    let register = context.register;
    let record = &register.records[index];
    let facts = telling.facts(register.kind_of(record), &record.id.value, &step.facts);
    PastStepView {
        when: { step.commit }.map(|commit| context.dates.moment(Moment::Instant(commit.at))),
        who: who(context, step, ROOT),
        did: context.word(did_word(step.did)).to_owned(),
        note: telling.note(step),
        commit: step.commit.map(|commit| commit.short().to_owned()),
        lines: facts.into_iter().map(line).collect(),
    }
}

/// Who made a change; nobody of what is not committed yet.
pub(super) fn who(context: &Context<'_>, step: &Step<'_>, root: &str) -> Option<Markup> {
    match (step.person, step.commit) {
        (Some(person), _) => Some(context.name(Subject::Person(person), root)),
        (None, commit) => commit.map(|commit| Markup::text(&commit.author)),
    }
}

/// A part that changed, for a template.
pub(super) fn line(fact: FactView) -> LineView {
    let piece = |piece: Piece| PieceView {
        kind: match piece.kind {
            PieceKind::Removed => "removed",
            PieceKind::Added => "added",
            PieceKind::Same | PieceKind::Skipped => "same",
        },
        text: piece.text,
    };
    LineView {
        label: fact.label,
        before: fact.before.unwrap_or_default(),
        after: fact.after.unwrap_or_default(),
        pieces: fact.pieces.into_iter().map(piece).collect(),
    }
}
