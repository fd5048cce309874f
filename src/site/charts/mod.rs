//! Figures: numbers of the outlook turned into coordinates. The SVG itself is
//! in `templates/site/components/charts.html`.
//!
//! Invariants:
//! - A figure shows what its table says: both are made of the same numbers.
//! - Nothing is told by colour alone: place, shape or a word says it as well,
//!   so that it can be read in greyscale, on paper and in forced colours.
//! - Text keeps its size however narrow the page: widths are shares of the
//!   figure, and stretched drawings hold no text.

mod ageing;
mod columns;
mod flow;
mod gantt;
mod load;
mod path;
mod rates;
mod scale;
mod shares;
mod tracks;

pub(in crate::site) use ageing::{AgeingView, ageing};
pub(in crate::site) use columns::{ColumnsView, columns};
pub(in crate::site) use flow::{FlowView, flows};
pub(in crate::site) use gantt::gantt;
pub(in crate::site) use load::{LoadsView, department_loads, people_loads};
pub(in crate::site) use path::path;
pub(in crate::site) use rates::{RatesView, department_rates, kind_rates};
pub(in crate::site) use shares::{SharesView, shares};
pub(in crate::site) use tracks::TracksView;
