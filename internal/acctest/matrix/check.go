package matrix

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// text joins all diagnostics.
func text(diags prototest.Diagnostics) string {
	var out []string
	for _, d := range diags {
		out = append(out, d.Summary+"\n"+d.Detail)
	}
	return strings.Join(out, "\n")
}

// checkWords keeps the texts of a step. Each error must name the cloud, the operation and the next step.
func (w *world) checkWords(step string, diags prototest.Diagnostics) {
	for _, d := range diags {
		w.texts = append(w.texts, d.Summary+"\n"+d.Detail)
		if d.Severity != tfprotov6.DiagnosticSeverityError {
			continue
		}
		// What happened, what to do, and the facts.
		parts := strings.Split(d.Detail, "\n\n")
		if len(parts) < 3 || !strings.Contains(d.Detail, "\ncloud: "+w.c.Name+"\noperation: ") {
			w.t.Errorf("words: an error of the %s has no cloud, operation or next step: %q: %q", step, d.Summary, d.Detail)
		}
	}
}

// checkOwned fails if the state has an object of others. One that a rival has created at the same moment, and that a
// warning names as adopted, is released, as the person does who has read it.
func (w *world) checkOwned() {
	for _, id := range w.op.ids(w.r.Values(w.t)) {
		for object := range w.others {
			switch {
			case idOf(object) != id:
			case w.adopted(id):
				w.t.Errorf("adopted: the state has the %s of a rival, which a warning names", object)
				w.r = w.process.Resource(w.t, w.op.typeName)
			default:
				w.t.Errorf("theft: the state has the %s of others", object)
			}
		}
	}
}

// adopted reports whether a warning names an object as adopted.
func (w *world) adopted(id string) bool {
	return w.hasRival && slices.ContainsFunc(w.texts, func(text string) bool {
		return strings.Contains(text, "If someone else created it at the same moment") && strings.Contains(text, id)
	})
}

// checkKept fails if an object of others has been deleted, renamed or overwritten.
func (w *world) checkKept(after string) {
	now := w.objects()
	for object, was := range w.others {
		if is, exists := now[object]; !exists {
			w.t.Errorf("theft: after %s the %s of others is gone", after, object)
		} else if is != was {
			w.t.Errorf("theft: after %s the %s of others is %q, and was %q", after, object, is, was)
		}
	}
}

// checkComplete fails unless the cloud has what the states have, by its ID. It sorts the IDs.
func (w *world) checkComplete(want []string) {
	var have []string
	for _, object := range w.ours() {
		have = append(have, idOf(object))
	}
	slices.Sort(have)
	slices.Sort(want)
	switch {
	case len(have) > len(want):
		w.t.Errorf("double: the cloud has %s, and the state %s", have, want)
	case !slices.Equal(have, want):
		w.t.Errorf("lost: the cloud has %s, and the state %s", have, want)
	}
}

// checkTold fails for an object that is in no state and in no message. One that a message names is deleted, as the
// person does who has read it.
func (w *world) checkTold() {
	if w.op.verb == imports {
		return // The object was there before, and an import may fail.
	}
	var owned []string
	pending := false
	if w.r != nil {
		owned = w.op.ids(w.r.Values(w.t))
		pending = w.r.Exists() && w.r.Private(w.t, "job") != ""
	}
	told := strings.Join(w.texts, "\n")
	for _, object := range w.ours() {
		id := idOf(object)
		named := strings.Contains(told, id) || w.importID != "" && strings.Contains(told, w.importID) ||
			w.c.Limits.SingleSnapshot() && strings.Contains(told, w.importIDOf(id))
		if slices.Contains(owned, id) || pending && !named {
			continue
		}
		if !named && !strings.Contains(told, "before you apply again") {
			w.t.Errorf("orphan: the %s is in no state and in no message: %q", object, told)
		}
		w.remove(object)
	}
}

// importIDOf is the import ID of a snapshot.
func (w *world) importIDOf(snapshotID string) string {
	return w.c.FormatID(w.c.Limits.SnapshotID, w.snapshotRef(snapshotID))
}

// snapshotRef is the address of a snapshot.
func (w *world) snapshotRef(id string) driver.Ref {
	ref := driver.Ref{Location: w.c.Sources[0].Location, ObjectID: id}
	for _, s := range w.box.Inventory()[w.c.Name].Snapshots {
		if s.SnapshotID == id {
			ref.SourceID = s.SourceID
		}
	}
	return ref
}

// remove deletes an object behind Terraform's back.
func (w *world) remove(object string) {
	if err := w.tryRemove(object); err != nil {
		w.t.Errorf("converge: the %s cannot be deleted: %v", object, err)
	}
}

// tryRemove is remove with the error.
func (w *world) tryRemove(object string) error {
	cl, ctx := w.person(), w.t.Context()
	kind, id, _ := strings.Cut(object, " ")
	ref := driver.Ref{Location: w.c.Sources[0].Location, ObjectID: id}
	switch kind {
	case "snapshot":
		return cl.DeleteSnapshot(ctx, w.snapshotRef(id))
	case "source":
		return cl.DeleteVolume(ctx, ref)
	default:
		return cl.DeleteImage(ctx, ref)
	}
}

// checkSecrets fails if a credential is in a log, a diagnostic or the state, or was sent to another host.
func (w *world) checkSecrets() {
	var secrets []string
	values := map[string]string{}
	for _, v := range w.box.Environment() {
		values[v.Name] = v.Value
	}
	for _, f := range w.c.Fields {
		for _, name := range f.Env {
			if f.Sensitive && values[name] != "" {
				secrets = append(secrets, values[name])
			}
		}
	}
	w.wire.mu.Lock()
	secrets = append(secrets, w.wire.tokens...)
	for _, request := range w.wire.foreign {
		w.t.Errorf("secret: a request went to another host: %s", request)
	}
	w.wire.mu.Unlock()
	places := map[string]string{
		"log": w.t.log.String(), "diagnostics": strings.Join(w.texts, "\n"),
	}
	if w.r != nil {
		places["state"] = w.r.Stored()
	}
	secrets = append(secrets, w.urls...)
	for place, content := range places {
		for _, secret := range secrets {
			if strings.Contains(content, secret) {
				w.t.Errorf("secret: a credential is in the %s", place)
			}
		}
	}
}

// checkOnce fails if the cloud has acted on more than one request that creates, restores or exports. An update of an
// object may be repeated.
func (w *world) checkOnce() {
	if w.op.verb == update && w.op.typeName != restoreType {
		return
	}
	acted := 0
	for _, e := range w.box.Requests(w.c.Name) {
		answered := e.Status == 0 && e.Fault == sandbox.DoLose || e.Status >= 200 && e.Status < 300
		refused := e.Fault == sandbox.DoStatus || e.Fault == sandbox.DoReset || e.Fault == sandbox.DoHang
		if e.Method == http.MethodPost && answered && !refused {
			acted++
		}
	}
	if w.hasRival {
		acted--
	}
	if acted > 1 {
		w.t.Errorf("double: the cloud has acted on %d requests", acted)
	}
}
