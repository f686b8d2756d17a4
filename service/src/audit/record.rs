//! Writing records: of a change, in its transaction; of a look at something, before the answer.

use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::{AuditId, GatewayId, KeyId, OrganizationId, ServiceAccountId, UserId};
use serde_json::{Map, Value, json};
use store::Tx;

use crate::actor::{Actor, Caller};
use crate::error::Result;
use crate::recheck::FreshCaller;
use crate::state::Service;

/// What changed, by member. Values that did not change are left out.
#[derive(Debug, Default)]
pub(crate) struct Changes(Map<String, Value>);

impl Changes {
    /// Notes a member's value before and after.
    pub(crate) fn field(mut self, name: &str, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        let (before, after) = (before.into(), after.into());
        if before != after {
            self.0.insert(name.to_owned(), json!({ "before": before, "after": after }));
        }
        self
    }

    /// Notes a value that was not there before.
    pub(crate) fn added(self, name: &str, after: impl Into<Value>) -> Self {
        self.field(name, Value::Null, after)
    }

    /// Whether nothing changed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a member changed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// By member: `{"before": …, "after": …}`.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// What something happened to.
pub(crate) enum Subject<'a> {
    Organization(&'a OrganizationId),
    User(&'a UserId),
    Key(&'a KeyId),
    ServiceAccount(&'a ServiceAccountId),
    Gateway(&'a GatewayId),
}

impl Service {
    /// Writes the record of a change into its transaction: a change that cannot be audited does not happen.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx,
        caller: &FreshCaller,
        action: AuditAction,
        subject: Subject<'_>,
        changes: Changes,
    ) -> Result<()> {
        self.record_event(tx, caller, action, subject, changes).await.map(|_| ())
    }

    /// The same, and gives the record, for what refers to it.
    pub(crate) async fn record_event(
        &self,
        tx: &mut Tx,
        caller: &FreshCaller,
        action: AuditAction,
        subject: Subject<'_>,
        changes: Changes,
    ) -> Result<AuditEvent> {
        let (resource, resource_id) = match subject {
            Subject::Organization(id) => (AuditResource::Organization, id.as_str()),
            Subject::User(id) => (AuditResource::User, id.as_str()),
            Subject::Key(id) => (AuditResource::ApiKey, id.as_str()),
            Subject::ServiceAccount(id) => (AuditResource::ServiceAccount, id.as_str()),
            Subject::Gateway(id) => (AuditResource::Gateway, id.as_str()),
        };
        let (actor_kind, actor_id, actor_name, actor_key_id) = match &caller.actor {
            Actor::Member(member) => {
                (ActorKind::User, member.user_id.to_string(), member.email.to_string(), None)
            }
            Actor::Key(actor) => {
                let key_id = Some(actor.key.key_id.to_string());
                (ActorKind::ApiKey, actor.key.owner.to_string(), actor.holder.name().to_owned(), key_id)
            }
            Actor::Operator(_) => (ActorKind::Operator, "operator".to_owned(), "Operator".to_owned(), None),
        };
        let event = AuditEvent {
            audit_id: AuditId::from_random(&self.entropy.id()?),
            organization_id: caller.organization().clone(),
            at: self.clock.now(),
            action: action.into(),
            resource: resource.into(),
            resource_id: resource_id.to_owned(),
            actor_kind: actor_kind.into(),
            actor_id,
            actor_name,
            actor_key_id,
            changes: changes.0,
            address: caller.origin.address.clone(),
            agent: caller.origin.agent.clone(),
            request_id: caller.origin.request_id.clone(),
        };
        store::audit::insert(tx, &event).await?;
        Ok(event)
    }

    /// Writes the record of a look at something, where the organization wants that. It comes before the answer: what
    /// cannot be audited is not shown. No connection may be held meanwhile, because this takes its own.
    pub(crate) async fn record_read(
        &self,
        caller: &Caller,
        action: AuditAction,
        subject: Subject<'_>,
    ) -> Result<()> {
        let mut db = self.store.read().await?;
        let settings = store::organizations::audit_settings(&mut db, caller.organization()).await?;
        drop(db);
        if !settings.unwrap_or_default().read_auditing_enabled {
            return Ok(());
        }
        let (mut tx, caller) = self.begin_for(caller, |_| Ok(())).await?;
        self.record(&mut tx, &caller, action, subject, Changes::default()).await?;
        Ok(tx.commit().await?)
    }
}
