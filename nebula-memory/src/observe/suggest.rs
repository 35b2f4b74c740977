use std::string::String;
use std::vec::Vec;

/// The one of `known` that `wrong` was probably meant to be: at most a third of its letters differ, or one is the beginning of
/// the other.
pub(super) fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain_wrong = plain(wrong);
    let wrong: Vec<char> = plain_wrong.chars().collect();
    let most = (wrong.len() / 3).max(1);
    let near = known.into_iter().filter_map(|name| {
        let plain_name = plain(name);
        let shorter = wrong.len().min(plain_name.chars().count());
        let away = distance(&wrong, &plain_name);
        let begins = plain_name.starts_with(&plain_wrong) || plain_wrong.starts_with(&plain_name);
        ((away <= most && away < plain_name.chars().count()) || (shorter >= 3 && begins))
            .then_some((away, name))
    });
    near.min().map(|(_, name)| name)
}

/// Upper case and kinds of dashes are no difference.
fn plain(name: &str) -> String {
    name.chars().flat_map(char::to_lowercase).map(|letter| if letter == '-' { '_' } else { letter }).collect()
}

/// How many letters have to be put in, left out or replaced, or two neighbours swapped.
fn distance(left: &[char], right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        for (j, b) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && left[i - 1] == *b && *a == right[j - 1] {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = core::mem::replace(&mut row, next);
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["limit", "soft_limit", "max_lifetime"];
        let meant = |wrong| nearest(wrong, known);
        assert_eq!(meant("limti"), Some("limit"));
        assert_eq!(meant("Limit"), Some("limit"));
        assert_eq!(meant("soft-limit"), Some("soft_limit"));
        assert_eq!(meant("max_live_time"), Some("max_lifetime"));
        assert_eq!(meant("max"), Some("max_lifetime"));
        assert_eq!(meant("limits_of_all"), Some("limit"));
        assert_eq!(meant("li"), None);
        assert_eq!(meant("colour"), None);
        assert_eq!(meant(""), None);
        assert_eq!(nearest("é", ["e", "x"]), None);
    }
}
