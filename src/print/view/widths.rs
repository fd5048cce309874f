//! How wide the columns of a table are: the form's shares, mended where a
//! column would be too narrow for what cannot be broken.

use crate::definition::FieldType;

/// Hundredths of the width for each column, 100 together. `shares` are the
/// form's wishes, `least` the ems a column needs, `room` the ems there are.
pub(super) fn widths(shares: &[f64], least: &[f64], room: f64) -> Vec<u32> {
    let count = shares.len();
    if count == 0 {
        return Vec::new();
    }
    let needed: f64 = least.iter().sum();
    let mut ems = vec![0.0; count];
    if needed >= room {
        for (em, least) in ems.iter_mut().zip(least) {
            *em = room * least / needed;
        }
    } else {
        // a column that gets less than it needs is fixed at that, the rest is shared again
        let mut fixed = vec![false; count];
        loop {
            let taken: f64 = (0..count).filter(|i| fixed[*i]).map(|i| least[i]).sum();
            let open: f64 = (0..count).filter(|i| !fixed[*i]).map(|i| shares[i]).sum();
            let mut changed = false;
            for i in 0..count {
                ems[i] = if fixed[i] {
                    least[i]
                } else {
                    (room - taken) * shares[i] / open
                };
                if !fixed[i] && ems[i] < least[i] {
                    fixed[i] = true;
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
    whole(&ems, room)
}

/// Whole hundredths by largest remainder, none of them zero.
fn whole(ems: &[f64], room: f64) -> Vec<u32> {
    let exact: Vec<f64> = ems.iter().map(|em| em / room * 100.0).collect();
    let mut parts: Vec<u32> = exact.iter().map(|part| (*part as u32).max(1)).collect();
    let mut order: Vec<usize> = (0..ems.len()).collect();
    order.sort_by(|a, b| exact[*b].fract().total_cmp(&exact[*a].fract()));
    let mut next = order.iter().cycle();
    let mut missing = 100_i64 - parts.iter().map(|part| i64::from(*part)).sum::<i64>();
    while missing > 0 {
        if let Some(index) = next.next() {
            parts[*index] += 1;
        }
        missing -= 1;
    }
    while missing < 0 {
        let Some(widest) = (0..parts.len()).max_by_key(|index| parts[*index]) else {
            break;
        };
        parts[widest] -= 1;
        missing += 1;
    }
    parts
}

/// Ems that a column of this type needs, blank space of the cell included.
pub(super) fn least_for(kind: Option<&FieldType>, label: &str) -> f64 {
    let by_type: f64 = match kind {
        None | Some(FieldType::Boolean | FieldType::Number) => 2.0,
        // 2026-05-20
        Some(FieldType::Date | FieldType::Instant | FieldType::Period) => 5.6,
        Some(FieldType::Person | FieldType::Signature) => 3.0,
        // 120,000.00 元
        Some(FieldType::Money) => 6.6,
        _ => 2.0,
    };
    by_type.max(unbroken(label).min(7.0)) + 1.0
}

/// Ems of the longest stretch of a text that no line break divides. Chinese
/// may break anywhere, but two characters should stay together.
pub(super) fn unbroken(text: &str) -> f64 {
    let mut longest: f64 = 0.0;
    let mut run: f64 = 0.0;
    for c in text.chars() {
        if c.is_ascii_graphic() {
            run += 0.56;
        } else {
            run = 0.0;
            if !c.is_whitespace() {
                longest = longest.max(2.0);
            }
        }
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_kept_where_there_is_room() {
        assert_eq!(widths(&[1.0, 3.0, 1.0], &[2.0; 3], 50.0), [20, 60, 20]);
    }

    #[test]
    fn a_column_gets_what_it_needs_from_the_others() {
        let widths = widths(&[1.0, 9.0, 1.0], &[6.6, 3.0, 3.0], 40.0);
        assert_eq!(widths.iter().sum::<u32>(), 100);
        assert!(widths[0] >= 16, "{widths:?}");
        assert!(widths[1] > 60, "{widths:?}");
    }

    #[test]
    fn too_many_columns_share_the_width_by_need() {
        let widths = widths(&[1.0; 30], &[4.0; 30], 60.0);
        assert_eq!(widths.iter().sum::<u32>(), 100);
        assert!(widths.iter().all(|width| *width >= 3));
    }
}
