//! Text as part of a page. Names are whatever the program calls things, and must not end what they stand in.

use core::fmt::{self, Write};
use std::string::String;

/// JSON that may stand in a `script` element, and means the same.
///
/// Outside of strings it has none of these characters, so each becomes an escape of the string that it is in. The line separators
/// are harmless in JSON, but not where it is taken for JavaScript.
pub(super) fn json(out: &mut String, json: &str) {
    for char in json.chars() {
        match char {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            other => out.push(other),
        }
    }
}

/// Text between tags, or in an attribute.
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '&' => f.write_str("&amp;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}

/// Writes a template, in which `{{name}}` is replaced by what `write` writes for that name. What was written is not looked at again.
pub(super) fn fill(
    out: &mut String,
    template: &str,
    mut write: impl FnMut(&mut String, &str) -> fmt::Result,
) -> fmt::Result {
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once("{{").and_then(|(before, from)| Some((before, from.split_once("}}")?)))
    {
        out.push_str(before);
        write(out, name)?;
        rest = after;
    }
    out.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn nothing_ends_the_script_it_stands_in() {
        let names =
            ["</script><script>alert(1)</script>", "<!-- <script>", "\u{2028}\u{2029}", "&lt;", "]]>"];
        let text = serde_json::to_string(&names).unwrap();
        let mut embedded = String::new();
        json(&mut embedded, &text);
        assert!(!embedded.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{embedded}");
        let read: [String; 5] = serde_json::from_str(&embedded).unwrap();
        assert_eq!(read, names);
        assert_eq!(Text("<b a=\"'\">&</b>").to_string(), "&lt;b a=&quot;&#39;&quot;&gt;&amp;&lt;/b&gt;");
    }

    #[test]
    fn what_was_put_in_is_not_filled_again() {
        let mut out = String::new();
        let put = |out: &mut String, name: &str| write!(out, "<{name} {{{{b}}}}>");
        fill(&mut out, "1 {{a}} 2 {{b}} 3", put).unwrap();
        assert_eq!(out, "1 <a {{b}}> 2 <b {{b}}> 3");
    }
}
