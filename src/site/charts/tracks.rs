//! Lines on one axis of time, each with its words beside it: what the path of
//! a matter and the plan of a project are drawn with.

use jiff::civil::DateTime;

use crate::calendar::{Due, Moment};
use crate::site::charts::scale::{
    TimeScale, across, dot, end, percent, seconds, short_day, stretch,
};
use crate::site::context::Context;
use crate::site::dates::Dates;
use crate::site::markup::Markup;
use crate::site::view::view;

view! {
    /// The figure, which is a table at the same time.
    TracksView {
        id: &'static str,
        label: String,
        ticks: Vec<TickView>,
        grid: String,
        now: Option<NowView>,
        groups: Vec<GroupView>,
    }
}

view! {
    TickView {
        x: String,
        text: String,
    }
}

view! {
    /// Today's line.
    NowView {
        path: String,
        x: String,
        anchor: &'static str,
    }
}

view! {
    GroupView {
        label: Markup,
        rows: Vec<TrackView>,
    }
}

view! {
    TrackView {
        label: String,
        when: String,
        tone: &'static str,
        state: String,
        note: String,
        paths: Vec<PathView>,
    }
}

view! {
    /// The strokes of one sort.
    PathView {
        tone: &'static str,
        d: String,
    }
}

/// A part of a line; times in seconds of the company's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The time that there is.
    Span(i64, i64),
    /// The time that was taken of it.
    Used(i64, i64),
    /// The time that was taken beyond it.
    Late(i64, i64),
    /// The end of the time.
    Due(i64),
    /// Done in time, or something that happened.
    Met(i64),
    /// Done too late.
    MetLate(i64),
    /// Never done.
    Missed(i64),
}

/// The sorts in the order in which they are drawn.
const TONES: [&str; 6] = ["span", "used", "over", "due", "dot", "miss"];

impl Part {
    fn times(self) -> [i64; 2] {
        match self {
            Part::Span(from, to) | Part::Used(from, to) | Part::Late(from, to) => [from, to],
            Part::Due(at) | Part::Met(at) | Part::MetLate(at) | Part::Missed(at) => [at, at],
        }
    }

    fn tone(self) -> usize {
        match self {
            Part::Span(..) => 0,
            Part::Used(..) => 1,
            Part::Late(..) => 2,
            Part::Due(_) => 3,
            Part::Met(_) => 4,
            Part::MetLate(_) | Part::Missed(_) => 5,
        }
    }
}

/// A line before it is laid out.
pub(super) struct Track {
    pub label: String,
    pub when: String,
    pub tone: &'static str,
    pub state: String,
    pub note: String,
    pub parts: Vec<Part>,
}

/// Lays lines out on one axis. `now` is drawn and kept in sight when given.
/// None when there is nothing to draw.
pub(super) fn lay_out(
    context: &Context<'_>,
    id: &'static str,
    label: &str,
    groups: Vec<(Markup, Vec<Track>)>,
    now: Option<i64>,
) -> Option<TracksView> {
    let tracks = groups.iter().flat_map(|(_, tracks)| tracks);
    let times = tracks
        .flat_map(|track| &track.parts)
        .flat_map(|part| part.times());
    let scale = TimeScale::around(times.chain(now))?;
    let ticks = scale.ticks();
    let mut grid = String::new();
    for tick in &ticks {
        across(&mut grid, tick.x);
    }
    Some(TracksView {
        id,
        label: label.to_owned(),
        ticks: ticks
            .iter()
            // a name that would run out of the picture is left out
            .filter(|tick| tick.x < 900)
            .map(|tick| TickView {
                x: percent(tick.x as f64 / 1000.0),
                text: context.tick_name(tick),
            })
            .collect(),
        grid,
        now: now.map(|now| {
            let x = scale.x(now);
            let mut path = String::new();
            across(&mut path, x);
            NowView {
                path,
                x: percent(x as f64 / 1000.0),
                anchor: if x > 500 { "end" } else { "start" },
            }
        }),
        groups: groups
            .into_iter()
            .filter(|(_, tracks)| !tracks.is_empty())
            .map(|(label, tracks)| GroupView {
                label,
                rows: tracks
                    .into_iter()
                    .map(|track| TrackView {
                        paths: paths(&scale, &track.parts),
                        label: track.label,
                        when: track.when,
                        tone: track.tone,
                        state: track.state,
                        note: track.note,
                    })
                    .collect(),
            })
            .collect(),
    })
}

/// The strokes of a line, one path for each sort that it has.
fn paths(scale: &TimeScale, parts: &[Part]) -> Vec<PathView> {
    let mut paths = [const { String::new() }; TONES.len()];
    for part in parts {
        let path = &mut paths[part.tone()];
        match part {
            Part::Span(from, to) | Part::Used(from, to) | Part::Late(from, to) => {
                stretch(path, scale.x(*from), scale.x(*to));
            }
            Part::Due(at) => end(path, scale.x(*at)),
            Part::Met(at) | Part::MetLate(at) | Part::Missed(at) => dot(path, scale.x(*at)),
        }
    }
    TONES
        .iter()
        .zip(paths)
        .filter(|(_, d)| !d.is_empty())
        .map(|(tone, d)| PathView { tone, d })
        .collect()
}

impl Context<'_> {
    /// A moment in seconds of the company's clock; a day in its middle, so
    /// that it stands before the close of the same day.
    pub(super) fn time_of(&self, moment: Moment) -> i64 {
        match moment {
            Moment::Date(date) => seconds(date.at(12, 0, 0, 0)),
            Moment::Instant(instant) => seconds(self.dates.calendar().local(instant)),
        }
    }

    /// The end of a limit in the same.
    pub(super) fn time_of_due(&self, due: &Due) -> i64 {
        seconds(self.dates.calendar().local(due.instant))
    }

    /// The site's instant in the same.
    pub(super) fn time_of_now(&self) -> i64 {
        let local: DateTime = self.dates.local_now;
        seconds(local)
    }

    /// `05-06`, with the year when it is another one than today's.
    pub(super) fn day_name(&self, moment: Moment) -> String {
        let (day, _) = self.dates.parts(moment);
        if day.year() == self.outlook.today.year() {
            short_day(day)
        } else {
            Dates::day(day)
        }
    }

    /// From a day to a day, if there is a beginning and an end.
    pub(super) fn days_name(&self, from: Option<Moment>, to: Option<Moment>) -> String {
        match (from, to) {
            (Some(from), Some(to)) => {
                let (from, to) = (self.day_name(from), self.day_name(to));
                if from == to {
                    from
                } else {
                    format!("{from} → {to}")
                }
            }
            (Some(from), None) => format!("{} →", self.day_name(from)),
            (None, Some(to)) => format!("→ {}", self.day_name(to)),
            (None, None) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn each_sort_is_one_path_in_the_order_of_drawing() {
        // forty days with one of room at each end
        let day = 86_400;
        let scale = TimeScale::around([0, 40 * day].into_iter()).unwrap();
        let drawn: Vec<(&str, String)> = paths(
            &scale,
            &[
                Part::MetLate(40 * day),
                Part::Span(0, 20 * day),
                Part::Late(20 * day, 40 * day),
                Part::Due(20 * day),
            ],
        )
        .into_iter()
        .map(|path| (path.tone, path.d))
        .collect();
        assert_eq!(
            drawn,
            [
                ("span", "M24 5H500".to_owned()),
                ("over", "M500 5H976".to_owned()),
                ("due", "M500 2V8".to_owned()),
                ("miss", "M976 5h0".to_owned()),
            ]
        );
    }
}
