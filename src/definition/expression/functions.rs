//! The functions that expressions may call.

/// What stands before the name of a function that needs the register; no name
/// in an expression can start so.
pub const LOOKUP: char = '@';

/// A function that needs the register: evaluated as a look-up in a value of
/// that name, because the evaluator's functions cannot see where they are
/// called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// `state_at_least('submitted')`: whether the record has come that far.
    StateAtLeast,
    /// `working_days(a, b)`: working days from a day to another.
    WorkingDays,
    /// `head_of(x)`: the head of a department, or of a person's department.
    HeadOf,
    /// `leader_of(x)`: its 分管领导.
    LeaderOf,
    /// `department_of(x)`: a person's department.
    DepartmentOf,
    /// `departments_in('legal')`: the departments that have this role in the
    /// organisation; the empty list when it names none.
    DepartmentsIn,
}

impl Function {
    const ALL: [Function; 6] = [
        Function::StateAtLeast,
        Function::WorkingDays,
        Function::HeadOf,
        Function::LeaderOf,
        Function::DepartmentOf,
        Function::DepartmentsIn,
    ];

    /// The name in expressions.
    pub fn name(self) -> &'static str {
        match self {
            Function::StateAtLeast => "state_at_least",
            Function::WorkingDays => "working_days",
            Function::HeadOf => "head_of",
            Function::LeaderOf => "leader_of",
            Function::DepartmentOf => "department_of",
            Function::DepartmentsIn => "departments_in",
        }
    }

    /// How many arguments it takes.
    pub fn arguments(self) -> usize {
        match self {
            Function::WorkingDays => 2,
            _ => 1,
        }
    }

    /// The function of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|function| function.name() == name)
    }
}

/// Functions called on nothing, `day(x)`, with the number of arguments.
const FREE: &[(&str, usize)] = &[
    ("day", 1),
    ("double", 1),
    ("int", 1),
    ("size", 1),
    ("string", 1),
    ("year", 1),
];

/// Functions called on a value, `x.contains(y)`, with the number of arguments.
const MEMBERS: &[(&str, usize)] = &[
    ("contains", 1),
    ("endsWith", 1),
    ("matches", 1),
    ("size", 0),
    ("startsWith", 1),
];

/// Those that the parser expands itself.
const MACROS: &[&str] = &["all", "exists", "exists_one", "filter", "has", "map"];

/// Whether there is such a function with so many arguments.
pub(super) fn exists(name: &str, on_value: bool, arguments: usize) -> bool {
    let known = if on_value { MEMBERS } else { FREE };
    known.contains(&(name, arguments))
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> + Clone {
    MACROS
        .iter()
        .copied()
        .chain(Function::ALL.into_iter().map(Function::name))
        .chain(FREE.iter().map(|(name, _)| *name))
        .chain(
            MEMBERS
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| *name != "size"),
        )
}
