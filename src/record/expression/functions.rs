//! The functions that need the register, as look-ups (see
//! [`crate::definition::expression`]).

use std::str::FromStr;

use cel::ExecutionError;
use cel::common::traits::Indexer;
use cel::common::types::{self, CelBool, CelInt, CelList, CelNull, CelString, Type};
use cel::common::value::{CowVal, Val};
use jiff::civil::Date;

use super::Scope;
use crate::definition::expression::{Function, LOOKUP};
use crate::organisation::Subject;

/// What an error's message starts with when a year has no holidays; the year follows.
pub(super) const MISSING_YEAR: &str = "missing-year:";
/// The message of an error about the types of arguments.
pub(super) const TYPES: &str = "types";

/// A function that looks its argument up.
#[derive(Clone, Copy)]
pub(super) struct LookUp<'r> {
    scope: &'r Scope<'r>,
    function: Function,
}

impl<'r> LookUp<'r> {
    /// The function of a name in a rewritten expression.
    pub fn named(scope: &'r Scope<'r>, name: &str) -> Option<Self> {
        let function = Function::from_name(name.strip_prefix(LOOKUP)?)?;
        Some(LookUp { scope, function })
    }

    /// The result; null for null, and for whom there is nobody.
    fn call(&self, argument: &dyn Val) -> Result<Box<dyn Val + 'r>, ExecutionError> {
        let evaluation = &self.scope.evaluation;
        let organisation = evaluation.organisation;
        let wrong = || ExecutionError::function_error(self.function.name(), TYPES);
        if self.function == Function::WorkingDays {
            return self.working_days(argument);
        }
        if argument.downcast_ref::<CelNull>().is_some() {
            return Ok(Box::new(CelNull));
        }
        let name = argument.downcast_ref::<CelString>().ok_or_else(wrong)?;
        let name: &str = name.inner();
        let subject = || {
            organisation
                .find_department(name)
                .map(Subject::Department)
                .or_else(|| organisation.find_person(name).map(Subject::Person))
        };
        let id = match self.function {
            Function::StateAtLeast => {
                let states = &evaluation.kind.states;
                let wanted = evaluation.kind.state(name).ok_or_else(wrong)?;
                let reached = states[evaluation.record.state.value].rank >= states[wanted].rank;
                return Ok(Box::new(CelBool::from(reached)));
            }
            Function::DepartmentsIn => {
                let departments = organisation.departments_in(name);
                let ids = departments
                    .iter()
                    .map(|id| Box::new(CelString::from(&*organisation.department(*id).id)) as _);
                return Ok(Box::new(CelList::from(ids.collect::<Vec<Box<dyn Val>>>())));
            }
            Function::HeadOf => subject()
                .and_then(|subject| organisation.head_of(subject))
                .map(|person| &*organisation.person(person).id),
            Function::LeaderOf => subject()
                .and_then(|subject| organisation.leader_of(subject))
                .map(|person| &*organisation.person(person).id),
            Function::DepartmentOf => subject()
                .and_then(|subject| organisation.department_of(subject))
                .map(|department| &*organisation.department(department).id),
            Function::WorkingDays => None,
        };
        Ok(match id {
            Some(id) => Box::new(CelString::from(id)),
            None => Box::new(CelNull),
        })
    }

    fn working_days(&self, argument: &dyn Val) -> Result<Box<dyn Val + 'r>, ExecutionError> {
        let name = self.function.name();
        let wrong = || ExecutionError::function_error(name, TYPES);
        let ends = argument.downcast_ref::<CelList>().ok_or_else(wrong)?;
        let mut days = [Date::default(); 2];
        for (day, end) in days.iter_mut().zip(ends.inner()) {
            if end.downcast_ref::<CelNull>().is_some() {
                return Ok(Box::new(CelNull));
            }
            let text = end.downcast_ref::<CelString>().ok_or_else(wrong)?;
            let text: &str = text.inner();
            *day = Date::from_str(text.get(..10).unwrap_or(text)).map_err(|_| wrong())?;
        }
        self.scope
            .evaluation
            .calendar
            .working_days_between(days[0], days[1])
            .map(|count| Box::new(CelInt::from(count)) as Box<dyn Val + 'r>)
            .map_err(|missing| {
                ExecutionError::function_error(name, format!("{MISSING_YEAR}{}", missing.year))
            })
    }
}

impl std::fmt::Debug for LookUp<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.function.name())
    }
}

impl Indexer for LookUp<'_> {
    fn get<'b, 'v>(&'b self, argument: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.call(argument).map(CowVal::Owned)
    }

    fn steal<'v>(self: Box<Self>, argument: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.call(argument).map(|value| value as Box<dyn Val + 'v>)
    }
}

impl Val for LookUp<'_> {
    fn get_type(&self) -> &Type {
        Self::cel_type()
    }

    fn cel_type() -> &'static Type {
        &types::MAP_TYPE
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}
