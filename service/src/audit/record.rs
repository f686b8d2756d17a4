//! Writes audit records: for a change in its transaction, for a read before its response.

use model::audit::{ActorKind, AuditAction, AuditEvent, AuditResource};
use model::id::{AuditId, GatewayId, KeyId, OrganizationId, ServiceAccountId, UserId};
use serde_json::{Map, Value, json};
use store::Tx;

use crate::actor::{Actor, Caller};
use crate::error::Result;
use crate::reauthorize::AuthorizedCaller;
use crate::state::{Service, retry};

/// The changed fields, by name. Fields whose value did not change are left out.
#[derive(Debug, Default)]
pub(crate) struct Changes(Map<String, Value>);

impl Changes {
    /// Records the value of a field before and after.
    pub(crate) fn field(mut self, name: &str, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        let (before, after) = (before.into(), after.into());
        if before != after {
            self.0.insert(name.to_owned(), json!({ "before": before, "after": after }));
        }
        self
    }

    /// Records a value that did not exist before.
    pub(crate) fn added(self, name: &str, after: impl Into<Value>) -> Self {
        self.field(name, Value::Null, after)
    }

    /// Records fields with their values before and after. Both lists name the same fields in the same order.
    pub(crate) fn fields(self, before: Vec<(&str, Value)>, after: Vec<(&str, Value)>) -> Self {
        before
            .into_iter()
            .zip(after)
            .fold(self, |changes, ((name, before), (_, after))| changes.field(name, before, after))
    }

    /// Records the fields of something new. Empty texts and objects are left out.
    pub(crate) fn all_added(self, fields: Vec<(&str, Value)>) -> Self {
        let given = fields.into_iter().filter(|(_, value)| *value != json!("") && *value != json!({}));
        given.fold(self, |changes, (name, value)| changes.added(name, value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the field of this name changed.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Returns an object of the form `{"before": …, "after": …}` for each changed field.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }
}

/// What an action was applied to.
#[derive(Clone, Copy)]
pub(crate) enum AuditTarget<'a> {
    Organization(&'a OrganizationId),
    User(&'a UserId),
    Key(&'a KeyId),
    ServiceAccount(&'a ServiceAccountId),
    Gateway(&'a GatewayId),
}

impl Service {
    /// Writes the audit record of a change in the change's own transaction, so that a change that cannot be audited
    /// does not happen.
    pub(crate) async fn record(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        action: AuditAction,
        target: AuditTarget<'_>,
        changes: Changes,
    ) -> Result<()> {
        self.record_event(tx, caller, action, target, changes).await.map(|_| ())
    }

    /// Like [`Service::record`], and returns the record.
    pub(crate) async fn record_event(
        &self,
        tx: &mut Tx,
        caller: &AuthorizedCaller,
        action: AuditAction,
        target: AuditTarget<'_>,
        changes: Changes,
    ) -> Result<AuditEvent> {
        let (resource, resource_id) = match target {
            AuditTarget::Organization(id) => (AuditResource::Organization, id.as_str()),
            AuditTarget::User(id) => (AuditResource::User, id.as_str()),
            AuditTarget::Key(id) => (AuditResource::ApiKey, id.as_str()),
            AuditTarget::ServiceAccount(id) => (AuditResource::ServiceAccount, id.as_str()),
            AuditTarget::Gateway(id) => (AuditResource::Gateway, id.as_str()),
        };
        let (actor_kind, actor_id, actor_name, actor_key_id) = match &caller.actor {
            Actor::Member(member) => {
                (ActorKind::User, member.user_id.to_string(), member.email.to_string(), None)
            }
            Actor::Key(actor) => {
                let key_id = Some(actor.key.key_id.to_string());
                (ActorKind::ApiKey, actor.key.owner.to_string(), actor.owner.name().to_owned(), key_id)
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
            address: caller.context.address.clone(),
            agent: caller.context.agent.clone(),
            request_id: caller.context.request_id.clone(),
        };
        store::audit::insert(tx, &event).await?;
        Ok(event)
    }

    /// Writes the audit record of a read, if the organization has turned that on. It is written before the response, so
    /// that data is not shown if the read cannot be audited. The caller must not hold a database connection, because
    /// this takes one of its own.
    pub(crate) async fn record_read(
        &self,
        caller: &Caller,
        action: AuditAction,
        target: AuditTarget<'_>,
    ) -> Result<()> {
        let mut db = self.store.read().await?;
        let settings = store::organizations::audit_settings(&mut db, caller.organization()).await?;
        drop(db);
        if !settings.unwrap_or_default().read_auditing_enabled {
            return Ok(());
        }
        retry!(self.try_record_read(caller, action, target).await)
    }

    async fn try_record_read(
        &self,
        caller: &Caller,
        action: AuditAction,
        target: AuditTarget<'_>,
    ) -> Result<()> {
        let (mut tx, caller) = self.begin_for(caller, |_| Ok(())).await?;
        self.record(&mut tx, &caller, action, target, Changes::default()).await?;
        Ok(tx.commit().await?)
    }
}
