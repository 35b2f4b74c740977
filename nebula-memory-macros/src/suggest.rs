//! "Did you mean": the word of a list that a user's word is nearest to.

/// What is said of a word that is none of the known ones; `all` says what they are.
pub(crate) fn unknown(what: &str, word: &str, known: &[&str], all: &str) -> String {
    match nearest(word, known) {
        Some(meant) => {
            let mut all = all.to_owned();
            all.get_mut(..1).map(str::make_ascii_uppercase).unwrap_or_default();
            format!("unknown {what} `{word}`; did you mean `{meant}`? {all}")
        }
        None => format!("unknown {what} `{word}`; {all}"),
    }
}

/// The nearest of the known words, if it is so near that it was probably meant.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = |known: &&str| distance(word, known) <= 1 + known.len() / 5;
    known.iter().copied().filter(near).min_by_key(|known| distance(word, known))
}

/// How many letters have to be inserted, removed, replaced, or exchanged with the next one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least.min(rows[i - 2][j - 2] + 1)
                } else {
                    least
                }
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_suggested_and_nothing_else() {
        let known = ["bump", "pool", "stack", "system"];
        for (word, meant) in [("bmp", "bump"), ("stakc", "stack"), ("Pool", "pool"), ("sytsem", "system")] {
            assert_eq!(nearest(word, &known), Some(meant));
        }
        for word in ["arena", "heap", "", "x"] {
            assert_eq!(nearest(word, &known), None, "{word}");
        }
    }

    #[test]
    fn distances() {
        assert_eq!((distance("", "abc"), distance("abc", "abc"), distance("bac", "abc")), (3, 0, 1));
        assert_eq!((distance("defualt", "default"), distance("defolt", "default")), (1, 2));
    }
}
