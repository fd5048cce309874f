//! CODEOWNERS: who has to approve a change of which files, in the dialect of
//! each forge, made from the organisation.
//!
//! Records are approved by a department's head: of the folder's department
//! where records lie in folders of departments, else by any head. Everything
//! else (settings, definitions, the organisation, the handbook) is approved by
//! the head of the coordination office.
//!
//! The dialects differ in what they do when several lines match a file: on
//! GitHub the last one holds, on GitLab the last one of each section, on Gitea
//! all of them do, and there a line is a regular expression that has to match
//! the whole path.

use crate::organisation::{Department, Person, PersonId};
use crate::register::{ORGANISATION, RECORDS, Register};
use crate::text::Language;

/// The forges whose CODEOWNERS differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forge {
    /// GitHub; Gitee and GitCode read the same lines.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea and Forgejo.
    Gitea,
}

impl Forge {
    /// All of them.
    pub const ALL: [Forge; 3] = [Forge::GitHub, Forge::GitLab, Forge::Gitea];

    /// The name in `taizhang.toml` and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Forge::GitHub => "github",
            Forge::GitLab => "gitlab",
            Forge::Gitea => "gitea",
        }
    }

    /// The forge of that name, or the one whose files it reads.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "github" | "gitee" | "gitcode" => Some(Forge::GitHub),
            "gitlab" => Some(Forge::GitLab),
            "gitea" | "forgejo" => Some(Forge::Gitea),
            _ => None,
        }
    }

    /// Where the forge looks for the file.
    pub fn owners_path(self) -> &'static str {
        match self {
            Forge::GitHub => ".github/CODEOWNERS",
            Forge::GitLab => ".gitlab/CODEOWNERS",
            Forge::Gitea => ".gitea/CODEOWNERS",
        }
    }

    /// How the forge names a person: by account, else by mail address where it
    /// takes one.
    fn owner(self, person: &Person) -> Option<String> {
        let whole = |text: &&str| !text.is_empty() && !text.contains(char::is_whitespace);
        let account = person
            .account
            .as_deref()
            .map(|name| name.trim_start_matches('@'));
        match (account.filter(whole), self) {
            (Some(account), _) => Some(format!("@{account}")),
            (None, Forge::Gitea) => None,
            (None, _) => person.email.as_deref().filter(whole).map(str::to_owned),
        }
    }
}

/// The file for a forge, with its explanation as comments.
pub fn code_owners(register: &Register, forge: Forge, language: Language) -> String {
    let mut writer = Writer {
        register,
        forge,
        language,
        said: Vec::new(),
        out: String::new(),
    };
    writer.file();
    writer.out
}

struct Writer<'w> {
    register: &'w Register,
    forge: Forge,
    language: Language,
    /// Those of whom it was said that the forge has no name for them.
    said: Vec<PersonId>,
    out: String,
}

impl Writer<'_> {
    fn word<'s>(&'s self, name: &'s str) -> &'s str {
        self.register.words(self.language).get(name)
    }

    fn comment(&mut self, text: &str) {
        for line in text.lines() {
            self.out.push_str("# ");
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn file(&mut self) {
        let values = [
            ("forge", self.forge.name()),
            ("path", self.forge.owners_path()),
        ];
        let words = self.register.words(self.language);
        let head = words.filled("owners.head", &values);
        self.comment(&head);
        let dialect = self
            .word(&format!("owners.{}", self.forge.name()))
            .to_owned();
        self.comment(&dialect);

        let organisation = &self.register.organisation;
        let mut heads: Vec<PersonId> = Vec::new();
        for head in organisation
            .departments
            .iter()
            .filter_map(|found| found.head)
        {
            if !heads.contains(&head) {
                heads.push(head);
            }
        }
        let office = self
            .register
            .settings
            .coordination_office
            .as_ref()
            .and_then(|office| organisation.find_department(&office.value))
            .and_then(|office| organisation.department(office).head)
            .map_or_else(|| heads.clone(), |head| vec![head]);
        let folders: Vec<&Department> = organisation
            .departments
            .iter()
            .filter(|department| is_folder(&department.id))
            .collect();

        match self.forge {
            Forge::GitHub => {
                self.section("owners.settings");
                self.line("*", &office);
                self.section("owners.records");
                self.line(&format!("/{RECORDS}/"), &heads);
                self.folders(&folders, |id| format!("/{RECORDS}/{id}/"));
                // the last line that matches holds
                self.section("owners.organisation");
                self.line(&format!("/{ORGANISATION}"), &office);
            }
            Forge::GitLab => {
                self.section("owners.settings");
                for path in [
                    "/*",
                    "/ci/",
                    "/schema/",
                    "/site/",
                    "/templates/",
                    "/.githooks/",
                    "/.gitlab/",
                    "/.vscode/",
                ] {
                    self.line(path, &office);
                }
                self.line(&format!("/{ORGANISATION}"), &office);
                self.section("owners.records");
                self.line(&format!("/{RECORDS}/"), &heads);
                self.folders(&folders, |id| format!("/{RECORDS}/{id}/"));
            }
            Forge::Gitea => {
                self.section("owners.settings");
                // `!`: every file that does not match
                self.line(&format!("!{RECORDS}/.*"), &office);
                self.line(&format!("{ORGANISATION}.*"), &office);
                self.section("owners.records");
                self.line(&format!("{RECORDS}/([0-9]+/.*|[^/]+)"), &heads);
                self.folders(&folders, |id| {
                    // a backslash would have to pass the tokenizer first
                    format!("{RECORDS}/{}/.*", id.replace('.', "[.]"))
                });
            }
        }
    }

    /// What the following lines are about: a section on GitLab, which asks for
    /// an approval of its own; a comment elsewhere.
    fn section(&mut self, word: &str) {
        let name = self.word(word).to_owned();
        self.out.push('\n');
        match self.forge {
            Forge::GitLab => self.out.push_str(&format!("[{name}]\n")),
            _ => self.comment(&name),
        }
    }

    fn folders(&mut self, departments: &[&Department], pattern: impl Fn(&str) -> String) {
        for department in departments {
            if let Some(head) = department.head {
                self.line(&pattern(&department.id), &[head]);
            }
        }
    }

    /// A line, after a comment on those the forge has no name for (once); a line that is left
    /// without owners would take the file from everybody and stays a comment.
    fn line(&mut self, pattern: &str, people: &[PersonId]) {
        let organisation = &self.register.organisation;
        let mut owners: Vec<String> = Vec::new();
        let mut unnamed: Vec<String> = Vec::new();
        for id in people {
            let person = organisation.person(*id);
            match self.forge.owner(person) {
                Some(owner) => owners.push(owner),
                None if self.said.contains(id) => {}
                None => {
                    let name = person.name.get(self.language);
                    unnamed.push(format!("{name} ({})", person.id));
                    self.said.push(*id);
                }
            }
        }
        if !unnamed.is_empty() {
            let words = self.register.words(self.language);
            let text = words.filled("owners.no-account", &[("people", &unnamed.join(", "))]);
            self.comment(&text);
        }
        let sign = if owners.is_empty() { "# " } else { "" };
        let line = format!("{sign}{pattern} {}", owners.join(" "));
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// Whether a department's name can be a folder below `records/` that every
/// dialect takes as it is written; `organisation` is one of the program's own.
fn is_folder(id: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let own = ORGANISATION
        .trim_end_matches('/')
        .ends_with(&format!("/{id}"));
    !own && !id.is_empty() && id.chars().all(plain)
}
