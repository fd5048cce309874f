//! A repository with something planted in every field of every kind, written
//! from the definitions.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use regex::Regex;

use taizhang::definition::{Field, FieldType, Kind, Phase};
use taizhang::register::{LoadOptions, load};

use crate::common::Repository;
use crate::read::Said;

/// Who may see what is planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A confidential record for the board.
    Board,
    /// A confidential record for the staff office.
    Staff,
    /// An internal record.
    Inside,
    /// What is internal of a public record.
    Within,
    /// What the party `one` may see.
    One,
    /// What the party `two` may see.
    Two,
}

impl Class {
    pub const ALL: [Class; 6] = [
        Class::Board,
        Class::Staff,
        Class::Inside,
        Class::Within,
        Class::One,
        Class::Two,
    ];

    /// Ten characters of its own.
    fn alphabet(self) -> &'static str {
        match self {
            Class::Board => "鹿鲸鹭鹤鹅雁鸽鹰鸦鹊",
            Class::Staff => "桃梨杏橘柚橙榴莓葡萄",
            Class::Inside => "铜镁锡铅锌镍铬钨钛锰",
            Class::Within => "琴笛箫鼓锣钹笙筝埙瑟",
            Class::One => "溪涧瀑泉渊沼潭泊汀溏",
            Class::Two => "橡榆槐柏桦椴枫杉楠檀",
        }
    }

    /// How its Latin words begin.
    fn latin(self) -> &'static str {
        match self {
            Class::Board => "qzxb",
            Class::Staff => "qzxs",
            Class::Inside => "qzxi",
            Class::Within => "qzxw",
            Class::One => "qzxo",
            Class::Two => "qzxt",
        }
    }

    /// How its numbers begin; record numbers are these four digits.
    fn digits(self) -> &'static str {
        match self {
            Class::Board => "7319",
            Class::Staff => "7351",
            Class::Inside => "7433",
            Class::Within => "7457",
            Class::One => "7477",
            Class::Two => "7499",
        }
    }

    /// The year of its dates.
    fn year(self) -> &'static str {
        match self {
            Class::Board => "1931",
            Class::Staff => "1933",
            Class::Inside => "1941",
            Class::Within => "1943",
            Class::One => "1947",
            Class::Two => "1951",
        }
    }

    /// What of it a file says; names of the company's own people only where
    /// they are secrets, too.
    pub fn found_in(self, said: &Said, names: bool) -> Vec<String> {
        let text = &said.text;
        let around = |at: usize| {
            let start = text[..at]
                .char_indices()
                .rev()
                .nth(12)
                .map_or(0, |(at, _)| at);
            text[start..].chars().take(40).collect::<String>()
        };
        let mut found: Vec<String> = Vec::new();
        let mut see = |what: &str| {
            if let Some(at) = text.find(what) {
                found.push(around(at));
            }
        };
        for c in self.alphabet().chars() {
            if said.letters.contains(&c) {
                see(&c.to_string());
            }
        }
        see(self.latin());
        for form in ["-", "年", "/"] {
            see(&format!("{}{form}", self.year()));
        }
        for month in ["03", "05"] {
            see(&format!("{}{month}", self.year()));
        }
        see(&format!("2026-{}", self.digits()));
        if names {
            for name in ["person", "department", "head", "party", "number"] {
                let own = self.latin().strip_prefix("qz").unwrap();
                see(&format!("{name}-{own}"));
            }
        }
        let number = self.digits();
        for (at, _) in said.numbers.match_indices(number) {
            let rest = &said.numbers[at + number.len()..];
            if rest.chars().take(3).filter(char::is_ascii_digit).count() == 3 {
                found.push(format!(
                    "{number}{}",
                    rest.chars().take(12).collect::<String>()
                ));
                break;
            }
        }
        found
    }
}

/// The words of a text that were planted, whoever's they are.
pub fn words_in(said: &Said) -> HashSet<String> {
    static LATIN: OnceLock<Regex> = OnceLock::new();
    let latin = LATIN.get_or_init(|| Regex::new("qzx[a-z][f-o]{5}").unwrap());
    let mut words: HashSet<String> = latin
        .find_iter(&said.text)
        .map(|word| word.as_str().to_owned())
        .collect();
    let chars: Vec<char> = said.text.chars().collect();
    let planted = |c: &char| {
        let mut all = Class::ALL.iter();
        !c.is_ascii() && all.any(|class| class.alphabet().contains(*c))
    };
    for run in chars.split(|c| !planted(c)).filter(|run| run.len() >= 5) {
        words.extend(run.windows(5).map(|word| word.iter().collect::<String>()));
    }
    words
}

/// Something that is somewhere in the repository.
pub struct Token {
    /// Whose it is.
    pub class: Class,
    /// As it is found.
    pub text: String,
    /// Where it was planted.
    pub of: String,
}

/// The repository with what is in it.
pub struct Planted {
    repository: Repository,
    /// What an audience that may see it has to find.
    pub tokens: Vec<Token>,
    /// The number of a letter to the party `one`.
    pub letter: String,
    /// Its file.
    pub letter_file: PathBuf,
}

impl Planted {
    pub fn root(&self) -> &std::path::Path {
        self.repository.root()
    }
}

const DEPARTMENTS: &str = "
[board]
name = \"甲部\"
head = \"chief\"
leader = \"chief\"
[staff]
name = \"乙部\"
head = \"chief\"
";

const SETTINGS: &str = "
name = \"测试公司\"
coordination_office = \"board\"
[[audiences]]
id = \"board\"
name = \"甲组\"
members = [\"board\"]
[[audiences]]
id = \"staff\"
name = \"乙组\"
members = [\"staff\"]
";

/// The company, without records.
pub fn empty() -> Repository {
    Repository::new()
        .file("taizhang.toml", SETTINGS)
        .file("records/organisation/departments.toml", DEPARTMENTS)
        .file(
            "records/organisation/people.toml",
            "[chief]\nname = \"钱一\"\ndepartment = \"board\"\n",
        )
        .file(
            "records/organisation/parties.toml",
            "[one]\nname = \"第一客户\"\nkind = \"customer\"\n\
             [two]\nname = \"第二客户\"\nkind = \"supplier\"\n",
        )
}

/// With people, departments and parties that only outsiders may not know.
fn company() -> Repository {
    let mut departments = DEPARTMENTS.to_owned();
    let mut people = "[chief]\nname = \"钱一\"\ndepartment = \"board\"\n".to_owned();
    let mut parties = "[one]\nname = \"第一客户\"\nkind = \"customer\"\n\
                       [two]\nname = \"第二客户\"\nkind = \"supplier\"\n"
        .to_owned();
    for class in Class::ALL {
        // what insiders may know of everybody is written without the alphabets
        let name = class.latin().strip_prefix("qz").unwrap();
        departments += &format!("[d{name}]\nname = \"department-{name}\"\nhead = \"h{name}\"\n");
        people += &format!(
            "[p{name}]\nname = \"person-{name}\"\ndepartment = \"d{name}\"\nstaff_number = \"number-{name}\"\n\
             email = \"{name}@example.com\"\n[h{name}]\nname = \"head-{name}\"\ndepartment = \"d{name}\"\n"
        );
        parties += &format!("[y{name}]\nname = \"party-{name}\"\nkind = \"customer\"\n");
    }
    empty()
        .file("records/organisation/departments.toml", departments)
        .file("records/organisation/people.toml", people)
        .file("records/organisation/parties.toml", parties)
}

/// Plants.
pub fn planted() -> Planted {
    let shipped = empty();
    let kinds = load(shipped.root(), &LoadOptions::default()).register.kinds;
    let mut garden = Garden {
        tokens: Vec::new(),
        next: 0,
    };
    let mut repository = company();
    let mut letter = (String::new(), PathBuf::new());
    for kind in &kinds {
        for class in Class::ALL {
            if class == Class::Within {
                continue;
            }
            let number = number(kind, class);
            let text = garden.record(&kinds, kind, class, &number, last(kind));
            // the folder and the comments of a file are its own, too
            let secret = garden.latin(class);
            let folder = format!("records/{secret}/{number}.toml");
            if &*kind.id == "letter" && class == Class::One {
                letter = (number.clone(), repository.path(&folder));
            }
            repository = repository.file(&folder, text);
        }
        // begun for the party, not far enough for it to see all, or anything
        for (state, _) in kind.states.iter().enumerate() {
            let begun = kind.states[state].phase == Phase::Open || state == 0;
            if kind.internal || !begun {
                continue;
            }
            let class = match kind.outside_state(state) {
                Some(_) => Class::One,
                None => Class::Within,
            };
            let number = format!("{}{state}", number(kind, class));
            let text = garden.early(&kinds, kind, &number, state);
            repository = repository.file(&format!("records/early/{number}.toml"), text);
        }
    }
    let planted = Planted {
        repository,
        tokens: garden.tokens,
        letter: letter.0,
        letter_file: letter.1,
    };
    commit(&planted);
    planted
}

fn commit(planted: &Planted) {
    for arguments in [
        vec!["init", "-q"],
        vec!["add", "records/organisation", "taizhang.toml"],
        vec!["commit", "-qm", "begin"],
    ] {
        git(planted, "somebody", &arguments);
    }
    for class in Class::ALL {
        let name = class.latin();
        let pattern = format!("records/{name}*");
        if class != Class::Within {
            git(planted, name, &["add", "--", &pattern]);
            git(
                planted,
                name,
                &["commit", "-qm", &format!("message {name}")],
            );
        }
    }
    git(planted, "somebody", &["add", "-A"]);
    git(planted, "somebody", &["commit", "-qm", "the rest"]);
}

fn git(planted: &Planted, author: &str, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(planted.root())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .args([
            "-c",
            &format!("user.name={author}"),
            "-c",
            "user.email=a@example.com",
        ])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

fn number(kind: &Kind, class: Class) -> String {
    kind.number.write(2026, class.digits().parse().unwrap())
}

/// The last state of the main path, in which everything is there.
fn last(kind: &Kind) -> usize {
    (0..kind.states.len())
        .rev()
        .find(|state| !kind.states[*state].aside && !kind.states[*state].internal)
        .unwrap()
}

struct Garden {
    tokens: Vec<Token>,
    next: usize,
}

impl Garden {
    fn chinese(&mut self, class: Class) -> String {
        self.next += 1;
        let letters: Vec<char> = class.alphabet().chars().collect();
        format!("{:05}", self.next)
            .bytes()
            .map(|digit| letters[usize::from(digit - b'0')])
            .collect()
    }

    fn latin(&mut self, class: Class) -> String {
        self.next += 1;
        let letters: String = format!("{:05}", self.next)
            .bytes()
            .map(|digit| char::from(b'f' + (digit - b'0')))
            .collect();
        format!("{}{letters}", class.latin())
    }

    /// A text in Chinese, Latin and wide letters.
    fn words(&mut self, class: Class, of: &str, found: bool) -> String {
        let (chinese, latin) = (self.chinese(class), self.latin(class));
        let wide: String = self
            .latin(class)
            .chars()
            .map(|c| char::from_u32(c as u32 - u32::from(b'a') + 0xff41).unwrap())
            .collect();
        if found {
            for text in [&chinese, &latin] {
                self.tokens.push(Token {
                    class,
                    text: text.clone(),
                    of: of.to_owned(),
                });
            }
        }
        format!("{chinese} {latin} {wide}")
    }

    /// A public record of the party `one` on its way: all of it is behind the
    /// wall but what the party sees already.
    fn early(&mut self, kinds: &[Kind], kind: &Kind, number: &str, state: usize) -> String {
        let class = match kind.outside_state(state) {
            Some(_) => Class::One,
            None => Class::Within,
        };
        let seen = kind.outside_state(state);
        let state_name = &kind.states[state].id;
        let rank = seen.map_or(0, |seen| kind.states[seen].rank);
        let mut text = self.envelope(kinds, kind, Class::One, class, number, state_name);
        self.sections(kinds, kind, class, rank, number, &mut text);
        text
    }

    fn record(
        &mut self,
        kinds: &[Kind],
        kind: &Kind,
        class: Class,
        number: &str,
        state: usize,
    ) -> String {
        // what stays in the company stays there, public or not
        let of = match class {
            Class::One | Class::Two if kind.internal => Class::Within,
            class => class,
        };
        let mut text = self.envelope(kinds, kind, class, of, number, &kind.states[state].id);
        let rank = kind.states[state].rank;
        self.sections(kinds, kind, of, rank, number, &mut text);
        text
    }

    /// `readers` says whom it is for, `class` what is written in it.
    fn envelope(
        &mut self,
        kinds: &[Kind],
        kind: &Kind,
        readers: Class,
        class: Class,
        number: &str,
        state: &str,
    ) -> String {
        let audience = match readers {
            Class::Board => "audience = \"confidential\"\nvisible_to = [\"board\"]",
            Class::Staff => "audience = \"confidential\"\nvisible_to = [\"staff\"]",
            Class::Inside | Class::Within => "audience = \"internal\"",
            Class::One => "audience = \"public\"\nvisible_to = [\"one\"]",
            Class::Two => "audience = \"public\"\nvisible_to = [\"two\"]",
        };
        let title = self.words(class, &format!("{number} title"), true);
        let project = self.words(class, &format!("{number} project"), true);
        let comment = self.words(class, "a comment", false);
        // all others are named by an open one
        let related: Vec<String> = kinds
            .iter()
            .flat_map(|kind| Class::ALL.map(|class| format!("\"{}\"", self::number(kind, class))))
            .collect();
        format!(
            "# {comment}\nkind = \"{}\"\nid = \"{number}\"\ntitle = \"{title}\"\nstate = \"{state}\"\n\
             priority = \"urgent\"\nproject = \"{project}\"\n{audience}\nrelated = [{}]\n",
            kind.id,
            related.join(", ")
        )
    }

    /// Every section; `rank` is how far the record has come for outsiders.
    fn sections(
        &mut self,
        kinds: &[Kind],
        kind: &Kind,
        class: Class,
        rank: usize,
        number: &str,
        into: &mut String,
    ) {
        for section in &kind.sections {
            let header = match section.repeated {
                true => format!("\n[[{}]]\n", section.id),
                false => format!("\n[{}]\n", section.id),
            };
            into.push_str(&header);
            for (index, field) in section.fields.iter().enumerate() {
                let of = format!("{number} {}.{}", section.id, field.id);
                let value = self.value(kinds, field, class, rank, &of, index % 2 == 0);
                into.push_str(&format!("{} = {value}\n", field.id));
            }
        }
    }

    fn value(
        &mut self,
        kinds: &[Kind],
        field: &Field,
        class: Class,
        rank: usize,
        of: &str,
        odd: bool,
    ) -> String {
        if let FieldType::Table { columns, .. } = &field.kind {
            let cells: Vec<String> = columns
                .iter()
                .map(|column| {
                    let of = format!("{of}.{}", column.id);
                    let value = self.value(kinds, column, class, rank, &of, odd);
                    format!("{} = {value}", column.id)
                })
                .collect();
            return format!("[{{ {} }}]", cells.join(", "));
        }
        let hidden = field.internal || field.outside_from.is_some_and(|from| rank < from);
        let public = matches!(class, Class::One | Class::Two);
        let class = match class {
            Class::One | Class::Two if hidden => Class::Within,
            class => class,
        };
        let one = |value: String| match field.many {
            true => format!("[{value}]"),
            false => value,
        };
        let name = class.latin().strip_prefix("qz").unwrap();
        let (day, digits) = (format!("{}-03-17", class.year()), class.digits());
        // some dates are of our days, so that something is owed and counted
        let day = if odd { day } else { "2026-05-06".to_owned() };
        one(match &field.kind {
            FieldType::Text { pattern } => {
                format!("\"{}\"", self.words(class, of, pattern.is_none()))
            }
            FieldType::Markdown => format!("\"{}\"", self.words(class, of, true)),
            FieldType::Date => day,
            FieldType::Instant => format!("{day}T09:30:00+08:00"),
            FieldType::Period => {
                format!("{{ from = {day}T09:30:00+08:00, to = {day}T11:30:00+08:00 }}")
            }
            FieldType::Duration => "\"3wd\"".to_owned(),
            FieldType::Money => {
                self.next += 1;
                format!("\"{digits}{:03}.00 CNY\"", self.next % 1000)
            }
            FieldType::Number => {
                self.next += 1;
                match field.maximum {
                    Some(_) => format!(
                        "{}.{digits}{:03}",
                        field.minimum.unwrap_or(0.0),
                        self.next % 1000
                    ),
                    None => format!("{digits}{:03}", self.next % 1000),
                }
            }
            FieldType::Boolean => "true".to_owned(),
            FieldType::Choice(choices) => format!("\"{}\"", choices[0].id),
            FieldType::Person => format!("\"p{name}\""),
            FieldType::Department => format!("\"d{name}\""),
            // only the party itself may stand in what it sees
            FieldType::Party => match class {
                Class::One => "\"one\"".to_owned(),
                Class::Two => "\"two\"".to_owned(),
                _ => format!("\"y{name}\""),
            },
            FieldType::Reference(allowed) => {
                let kind = kinds
                    .iter()
                    .find(|kind| allowed.is_empty() || allowed.contains(&kind.id))
                    .unwrap();
                let numbers: Vec<String> = Class::ALL
                    .iter()
                    .map(|class| format!("\"{}\"", number(kind, *class)))
                    .collect();
                match field.many {
                    true => numbers.join(", "),
                    false => numbers[0].clone(),
                }
            }
            FieldType::Attachment => {
                let (name, file) = (self.words(class, of, true), self.latin(Class::Board));
                // where a file lies is nobody's outside, whoever sees its name
                let file = if public {
                    self.latin(Class::Within)
                } else {
                    file
                };
                match field.many || !public {
                    true => format!("\"{name}.pdf\""),
                    false => format!(
                        "{{ name = \"{name}.pdf\", file = \"records/attachments/{file}.pdf\" }}"
                    ),
                }
            }
            FieldType::Signature => format!(
                "{{ person = \"p{name}\", at = {day}T09:30:00+08:00, opinion = \"{}\" }}",
                self.words(class, of, true)
            ),
            FieldType::Table { .. } => unreachable!(),
        })
    }
}
