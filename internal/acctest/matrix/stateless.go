package matrix

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/acctest/prototest"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox"
)

// listing is the limit of a list resource, whose duration no configuration sets.
const listing = time.Hour

// answer is what an operation has answered: the objects in their order, each as its ID and as a whole.
type answer []object

type object struct{ id, whole string }

// ids are the IDs of the objects.
func (a answer) ids() []string {
	var out []string
	for _, one := range a {
		out = append(out, one.id)
	}
	return out
}

// answerOf returns the objects of a data source: those of its list, or the one that it is.
func answerOf(values prototest.Values) answer {
	if values == nil {
		return nil
	}
	out := answer{}
	for name, value := range values {
		items, _ := value.([]any)
		if name != "snapshots" && name != "images" && name != "sources" {
			continue
		}
		for _, item := range items {
			if values, ok := item.(prototest.Values); ok {
				out = append(out, objectOf(values))
			}
		}
		return out
	}
	return append(out, objectOf(values))
}

func objectOf(values prototest.Values) object {
	out := object{whole: fmt.Sprint(values)}
	for _, name := range []string{"source_id", "id"} {
		if id, ok := values[name].(string); ok {
			out.id = id
		}
	}
	return out
}

// ask runs an operation that only answers.
func (w *world) ask() (answer, prototest.Diagnostics) {
	switch w.op.verb {
	case list:
		out := answer{}
		found, diags := w.process.ListResources(w.t, w.op.typeName, w.config, 0, true)
		for _, one := range found {
			out = append(out, object{id: fmt.Sprint(one.Identity), whole: fmt.Sprint(one)})
		}
		return out, diags
	case opens:
		values, diags := w.process.OpenEphemeral(w.t, w.op.typeName, w.config)
		if url, ok := values["presigned_url"].(string); ok && url != "" {
			// Each export has a URL of its own.
			w.urls = append(w.urls, url)
			values["presigned_url"] = "a URL"
		}
		return answerOf(values), diags
	default:
		values, diags := w.process.ReadData(w.t, w.op.typeName, w.config)
		return answerOf(values), diags
	}
}

// wanted returns the right answer, when nothing at the cloud changes by itself any more.
func (w *world) wanted() answer {
	for range 3 {
		<-time.After(settled)
		// Some states of the sandbox change with each read, until the object is where it stays.
		for _, snap := range w.box.Inventory()[w.c.Name].Snapshots {
			ref := driver.Ref{Location: snap.Location, SourceID: snap.SourceID, ObjectID: snap.SnapshotID}
			if _, err := w.person().Snapshot(w.t.Context(), ref); err != nil {
				w.t.Fatal(err)
			}
		}
		w.start()
		w.checkBeside()
		_, diags := w.ask()
		diags.MustSucceed(w.t)
	}
	w.start()
	got, diags := w.ask()
	diags.MustSucceed(w.t)
	if len(got) == 0 {
		w.t.Fatal("the answer is empty, so the cells show nothing")
	}
	selected := w.selected()
	if w.op.verb == list && len(selected) == 0 {
		w.t.Fatal("nothing shows that the list is complete")
	}
	for _, id := range selected {
		if !slices.ContainsFunc(got, func(one object) bool { return strings.Contains(one.whole, id) }) {
			w.t.Errorf("lost: the answer without a fault has no %s: %v", id, got)
		}
	}
	return got
}

// selected returns the IDs of the cloud's objects that a list of several objects must have.
func (w *world) selected() []string {
	var ids []string
	add := func(id, source, location string) {
		for attribute, value := range map[string]string{"source_id": source, "location": location} {
			if want, ok := w.config[attribute]; ok && value != "" && value != want {
				return
			}
		}
		ids = append(ids, id)
	}
	inventory := w.box.Inventory()[w.c.Name]
	switch w.op.name() {
	case "snapshot list", "snapshots data", "snapshots data of source":
		for _, s := range inventory.Snapshots {
			add(s.SnapshotID, s.SourceID, s.Location)
		}
	case "snapshot_sources data", "snapshot_volume list":
		for _, s := range inventory.Sources {
			if w.op.verb == data || s.Name == ourName {
				add(s.SourceID, "", s.Location)
			}
		}
	case "custom_image list", "snapshot_template list", "images data":
		for _, i := range inventory.Images {
			add(i.ImageID, "", i.Location)
		}
		for _, t := range inventory.Templates {
			add(t.TemplateID, "", t.Location)
		}
	}
	return ids
}

// playStateless runs an operation without a state under the fault, and then without.
func (c cell) playStateless(w *world, out *outcome) {
	w.strike(c)
	w.start()
	succeeded := false
	if c.op.verb == invoke {
		succeeded = w.invoke("invoke")
	} else {
		w.answerUnder(c)
	}
	out.calls, out.reached = w.wire.recorded(), w.wire.reached()
	w.checkOnce()
	w.clear()
	<-time.After(settled)
	w.checkKept("the fault")
	w.checkMade(succeeded)
	w.checkTold()
	if c.fault.name == "" && c.op.verb != invoke && len(w.texts) > 0 {
		w.t.Errorf("baseline: %s", w.texts)
	}
	w.start()
	if c.op.verb == invoke {
		w.invokeAgain()
	} else {
		w.answerAgain()
	}
	w.checkKept("the next run")
	w.checkBeside()
	w.checkSecrets()
}

// invoke runs the action. Its messages are texts for the user as its diagnostics are.
func (w *world) invoke(step string) (ok bool) {
	return w.step(step, brief+brief+brief+long, func() prototest.Diagnostics {
		messages, diags := w.process.InvokeAction(w.t, w.op.typeName, w.config)
		w.texts = append(w.texts, messages...)
		return diags
	})
}

// checkMade fails if there are more new objects than the operation makes, or fewer after a success: then the object
// that it reports is of others.
func (w *world) checkMade(succeeded bool) {
	made := w.ours()
	if len(made) > w.op.makes {
		w.t.Errorf("double: the operation made %s", made)
	}
	switch {
	case !succeeded || len(made) == w.op.makes:
	case w.hasRival && strings.Contains(strings.Join(w.texts, "\n"), "Adopted after a lost answer"):
		w.t.Errorf("adopted: the operation reports an object of a rival, as a warning says")
	default:
		w.t.Errorf("theft: the operation succeeded, and made %s: %q", made, w.texts)
	}
}

// invokeAgain runs the action without a fault.
func (w *world) invokeAgain() {
	w.texts = nil
	if !w.invoke("next run") {
		w.t.Errorf("converge: the next run fails: %q", w.texts)
		return
	}
	<-time.After(settled)
	if made := w.ours(); len(made) != w.op.makes {
		w.t.Errorf("lost: the next run made %s, want %d", made, w.op.makes)
	}
	w.checkTold()
}

// answerUnder runs an operation that only answers under the fault. It has the whole right answer or an error, and what
// it has before an error is right.
func (w *world) answerUnder(c cell) {
	var got answer
	limits := map[verb]time.Duration{list: listing, data: brief, opens: long}
	complete := w.step(string(w.op.verb), limits[w.op.verb], func() (diags prototest.Diagnostics) {
		got, diags = w.ask()
		return diags
	})
	switch {
	case w.stopped.Load() && len(got) == 0:
	case !complete:
		for _, one := range got {
			if !slices.Contains(w.want, one) && c.fault.inject.Do != sandbox.DoUnknown {
				w.t.Errorf("lost: the answer before an error has %s, want one of %v", one, w.want)
			}
		}
	case !slices.Equal(got.ids(), w.want.ids()):
		w.t.Errorf("lost: the answer has %q, want %q", got.ids(), w.want.ids())
	case !slices.Equal(got, w.want) && c.fault.inject.Do != sandbox.DoUnknown:
		w.t.Errorf("lost: the answer is %v, want %v", got, w.want)
	}
}

// answerAgain runs an operation that only answers without a fault.
func (w *world) answerAgain() {
	got, diags := w.ask()
	w.must("run", diags)
	if !slices.Equal(got, w.want) {
		w.t.Errorf("converge: the next answer is %v, want %v", got, w.want)
	}
}
