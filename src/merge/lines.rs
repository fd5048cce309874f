//! A text of several lines that both sides have changed, line by line.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A text of more lines than this is not merged line by line.
const MOST: usize = 2000;

/// Both changes in one text. None where they touch the same lines, and for
/// texts of one line.
pub(super) fn merged(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let [base, ours, theirs] =
        [base, ours, theirs].map(|text| text.split_inclusive('\n').collect::<Vec<&str>>());
    let lengths = [base.len(), ours.len(), theirs.len()];
    if base.len() < 2 || lengths.iter().any(|length| *length > MOST) {
        return None;
    }
    let (in_ours, in_theirs) = (places(&base, &ours), places(&base, &theirs));
    let mut out = String::new();
    let mut at = [0; 3];
    loop {
        let stable = (at[0]..base.len())
            .find_map(|line| Some([line, (*in_ours.get(line)?)?, (*in_theirs.get(line)?)?]));
        let to = stable.unwrap_or(lengths);
        let chunk = [
            base.get(at[0]..to[0])?,
            ours.get(at[1]..to[1])?,
            theirs.get(at[2]..to[2])?,
        ];
        let chosen = match chunk {
            [_, ours, theirs] if ours == theirs => ours,
            [base, ours, theirs] if ours == base => theirs,
            [base, ours, theirs] if theirs == base => ours,
            _ => return None,
        };
        out.extend(chosen.iter().copied());
        match stable {
            Some(line) => out.push_str(base[line[0]]),
            None => return Some(out),
        }
        at = to.map(|line| line + 1);
    }
}

/// Where each line of the older text stands in the newer one.
fn places(old: &[&str], new: &[&str]) -> Vec<Option<usize>> {
    let mut places = vec![None; old.len()];
    for operation in capture_diff_slices(Algorithm::Myers, old, new) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = operation
        {
            for at in 0..len {
                places[old_index + at] = Some(new_index + at);
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_different_lines_go_together() {
        let base = "一\n二\n三\n四\n";
        let merged_text = merged(base, "壹\n二\n三\n四\n", "一\n二\n三\n肆\n五\n");
        assert_eq!(merged_text.as_deref(), Some("壹\n二\n三\n肆\n五\n"));
        assert_eq!(merged(base, base, "新\n").as_deref(), Some("新\n"));
    }

    #[test]
    fn changes_in_the_same_line_do_not() {
        assert_eq!(merged("一\n二\n", "一\n贰\n", "一\n两\n"), None);
        assert_eq!(merged("一", "二", "三"), None);
        assert_eq!(merged("一\n二\n", "一\n甲\n二\n", "一\n乙\n二\n"), None);
    }
}
