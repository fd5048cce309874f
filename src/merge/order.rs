//! The order of things that two sides have put in order.
//!
//! Invariants: it does not depend on which side is which; what one side has
//! left in order stays in the order of the other; what a side has put behind
//! something stands behind it.

use std::collections::HashMap;

/// The order of those of `ours` and `theirs` that are kept. Each is named by a
/// number; none stands twice in a side. `rank` decides where the sides do not,
/// and no two have the same.
pub(super) fn ordered<R: Ord>(
    base: &[usize],
    ours: &[usize],
    theirs: &[usize],
    kept: impl Fn(usize) -> bool,
    rank: impl Fn(usize) -> R,
) -> Vec<usize> {
    let places = |all: &[usize]| -> HashMap<usize, usize> {
        all.iter().enumerate().map(|(at, id)| (*id, at)).collect()
    };
    let (in_base, in_ours, in_theirs) = (places(base), places(ours), places(theirs));
    let of_both = |all: &[usize], other: &HashMap<usize, usize>| -> Vec<usize> {
        let both = |id: &&usize| kept(**id) && other.contains_key(*id);
        all.iter().filter(both).copied().collect()
    };
    let common_ours = of_both(ours, &in_theirs);
    let common_theirs = of_both(theirs, &in_ours);
    let untouched = |common: &[usize]| {
        let old: Vec<usize> = common
            .iter()
            .filter_map(|id| in_base.get(id).copied())
            .collect();
        old.is_sorted()
    };
    let common = if common_ours == common_theirs {
        common_ours
    } else {
        match (untouched(&common_ours), untouched(&common_theirs)) {
            (true, false) => common_theirs,
            (false, true) => common_ours,
            // each has its own idea: the lesser one, whoever had it
            _ => {
                let ranks = |all: &[usize]| -> Vec<R> { all.iter().map(|id| rank(*id)).collect() };
                match ranks(&common_ours) <= ranks(&common_theirs) {
                    true => common_ours,
                    false => common_theirs,
                }
            }
        }
    };
    let is_common: HashMap<usize, usize> = places(&common);
    let behind = |all: &[usize]| -> HashMap<Option<usize>, Vec<usize>> {
        let mut behind: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
        let mut anchor = None;
        for id in all {
            if is_common.contains_key(id) {
                anchor = Some(*id);
            } else if kept(*id) {
                behind.entry(anchor).or_default().push(*id);
            }
        }
        behind
    };
    let (mut ours, mut theirs) = (behind(ours), behind(theirs));
    let mut out = Vec::with_capacity(common.len());
    for anchor in std::iter::once(None).chain(common.into_iter().map(Some)) {
        out.extend(anchor);
        let ours = ours.remove(&anchor).unwrap_or_default();
        let theirs = theirs.remove(&anchor).unwrap_or_default();
        interleave(ours, theirs, &rank, &mut out);
    }
    out
}

/// Puts two runs together, each in its own order, the lesser of the two heads first.
fn interleave<R: Ord>(
    ours: Vec<usize>,
    theirs: Vec<usize>,
    rank: &impl Fn(usize) -> R,
    out: &mut Vec<usize>,
) {
    let (mut ours, mut theirs) = (ours.into_iter().peekable(), theirs.into_iter().peekable());
    while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
        match rank(*our) <= rank(*their) {
            true => out.extend(ours.next()),
            false => out.extend(theirs.next()),
        }
    }
    out.extend(ours);
    out.extend(theirs);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways round, since the order must not depend on it.
    fn both_ways(base: &[usize], ours: &[usize], theirs: &[usize]) -> Vec<usize> {
        let merged = ordered(base, ours, theirs, |_| true, |id| id);
        assert_eq!(merged, ordered(base, theirs, ours, |_| true, |id| id));
        merged
    }

    #[test]
    fn what_both_put_at_the_end_is_in_the_order_of_its_rank() {
        assert_eq!(both_ways(&[9], &[9, 1, 5], &[9, 3]), [9, 1, 3, 5]);
    }

    #[test]
    fn what_one_side_has_moved_is_moved() {
        assert_eq!(
            both_ways(&[1, 2, 3], &[3, 1, 2], &[1, 2, 3, 4]),
            [3, 4, 1, 2]
        );
    }

    #[test]
    fn of_two_orders_it_is_the_lesser_and_stays_so() {
        let merged = both_ways(&[1, 2, 3], &[3, 2, 1], &[2, 1, 3]);
        assert_eq!(merged, [2, 1, 3]);
        assert_eq!(both_ways(&[1, 2, 3], &merged, &[3, 2, 1]), merged);
    }

    #[test]
    fn what_is_not_kept_holds_nothing_in_place() {
        let merged = ordered(&[1, 2], &[1, 2, 7], &[1], |id| id != 2, |id| id);
        assert_eq!(merged, [1, 7]);
    }
}
