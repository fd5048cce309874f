//! Served copies of pages: with the script that keeps them true, and pages for
//! what there is no page of.

use crate::text::Language;
use crate::words::Words;

/// Where what is not of the site stands.
pub(super) const RESERVED: &str = "__taizhang/";
/// The script of served pages.
pub(super) const SCRIPT: &str = include_str!("live.js");
/// Its style sheet.
pub(super) const STYLE: &str = include_str!("live.css");

/// A page with the script in it. `stamp` tells which state of the files it
/// shows, `note` what the script has to say of it; the policy of the page is
/// widened by what the script asks its own server.
pub(super) fn live(page: &[u8], stamp: &str, note: Option<&str>) -> Vec<u8> {
    const POLICY: &str = "default-src 'none'; ";
    let text = String::from_utf8_lossy(page);
    // forms to be printed allow no scripts at all
    let scripts = match text.contains("script-src") {
        true => "",
        false => "script-src 'self'; ",
    };
    let text = text.replacen(POLICY, &format!("{POLICY}connect-src 'self'; {scripts}"), 1);
    let note = note.map_or(String::new(), |note| {
        format!(" data-note=\"{}\"", escaped(note))
    });
    let script = format!(
        "<link rel=\"stylesheet\" href=\"/{RESERVED}live.css\">\
         <script src=\"/{RESERVED}live.js\" data-at=\"{stamp}\"{note} defer></script>"
    );
    match text.rfind("</body>") {
        Some(end) => [&text[..end], &script, &text[end..]].concat().into_bytes(),
        None => [&text, script.as_str()].concat().into_bytes(),
    }
}

/// A page that says something in place of one of the site.
pub(super) fn plain(words: &Words, language: Language, title: &str, detail: &str) -> Vec<u8> {
    let lang = match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    };
    let [title, detail] = [title, detail].map(escaped);
    let home = escaped(words.get("serve.home"));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'; script-src 'self'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n</head>\n\
         <body class=\"taizhang-plain\">\n<main>\n<h1>{title}</h1>\n<pre>{detail}</pre>\n<p><a href=\"/\">{home}</a></p>\n</main>\n</body>\n</html>\n"
    )
    .into_bytes()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_served_page_may_ask_its_server_and_nobody_else() {
        let page = b"<meta content=\"default-src 'none'; script-src 'self'\"><body>x</body>";
        let live = String::from_utf8_lossy(&live(page, "3.1", None)).into_owned();
        assert!(live.contains("default-src 'none'; connect-src 'self'; script-src 'self'\""));
        assert!(live.contains("data-at=\"3.1\" defer></script></body>"));
    }

    #[test]
    fn a_form_is_let_run_the_one_script() {
        let page = b"<meta content=\"default-src 'none'; style-src 'self'\"><body></body>";
        let live = String::from_utf8_lossy(&live(page, "1.0", Some("a<b"))).into_owned();
        assert!(live.contains("script-src 'self'; style-src 'self'"));
        assert!(live.contains("data-at=\"1.0\" data-note=\"a&lt;b\" defer"));
    }

    #[test]
    fn what_is_told_is_never_markup() {
        assert_eq!(escaped("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}
