package cloudtest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// unreadable are the faults after which the cloud has acted and the client does not know.
func unreadable() []string { return []string{DoLose, DoTruncate, DoGarbage} }

func lostCreateIsAdopted(b *bench) {
	for _, do := range unreadable() {
		b.adopts(do, b.source(1))
		b.Advance(time.Hour)
	}
}

func lostCreateBesideOlder(b *bench) {
	src := b.source(2)
	// Another process made one, so nothing in this run knows it.
	b.create(b.reopen(b.Settings), b.spec(src))
	b.Advance(10 * time.Minute)
	b.adopts(DoLose, src)
}

// adopts loses the answer of a create, wants exactly one new snapshot, and deletes it.
func (b *bench) adopts(do string, src Source) {
	b.Helper()
	before := b.on(src)
	spec := b.spec(src)
	aim := b.createRequest(spec)
	b.warm(b.cloud, src)
	b.Fault(aim.with(do, 1, 1))
	made, operation, err := b.cloud.CreateSnapshot(b.Context(), spec)
	if err != nil {
		b.Fatalf("%s: create: %v", do, err)
	}
	b.Fault()
	if n := b.sent(aim); n != 1 {
		b.Errorf("%s: sent %d times", do, n)
	}
	ready, err := b.cloud.WaitSnapshot(b.Context(), made, operation, driver.ReadyWhen{})
	if err != nil {
		b.Fatalf("%s: wait: %v", do, err)
	}
	fresh := slices.DeleteFunc(b.on(src), func(id string) bool { return slices.Contains(before, id) })
	if !slices.Equal(fresh, []string{ready.ID}) || ready.Name != spec.Name && b.Limits.Name.Settable {
		b.Errorf("%s: adopted %+v, and new at the cloud is %v", do, ready, fresh)
	}
	if err := b.cloud.DeleteSnapshot(b.Context(), ready.Ref()); err != nil {
		b.Fatalf("%s: delete: %v", do, err)
	}
}

func failedCreateIsSentOnce(b *bench) {
	src := b.source(2)
	spec := b.spec(src)
	aim := b.createRequest(spec)
	// Another process made one just now, of the same source and with the same name.
	older := b.create(b.reopen(b.Settings), spec)
	before := b.on(src)
	b.warm(b.cloud, src)

	faults := map[string]Fault{"reset": aim.with(DoReset, 1, 0)}
	for _, status := range []int{500, 502, 503, 504} {
		faults[fmt.Sprint("HTTP ", status)] = aim.answering(status, 0)
	}
	for what, fault := range faults {
		b.mark()
		b.Fault(fault)
		made, _, err := b.cloud.CreateSnapshot(b.Context(), spec)
		if err == nil {
			b.Fatalf("%s: took %+v for the new snapshot; there was %+v before", what, made, older)
		}
		failure := b.failed(what, err, driver.KindAmbiguous)
		if failure.Hint == "" {
			b.Errorf("%s: the error does not say what to do", what)
		}
		if n := b.sent(aim); n != 1 {
			b.Errorf("%s: sent %d times", what, n)
		}
		b.Fault()
	}
	if diff := gocmp.Diff(before, b.on(src)); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

// oddAnswers are answers of success that carry nothing of what was asked for.
func oddAnswers() []string {
	return []string{"", "{}", "null", "[]", `""`, "<html><title>Sign in</title></html>"}
}

// saying is a fault that answers once with success and a body, and does nothing.
func (f Fault) saying(body string) Fault {
	f.Do, f.Status, f.Body, f.From, f.To = DoStatus, http.StatusOK, body, 1, 1
	return f
}

// oddAnswersDecideNothing: an answer of success without what was asked for neither forgets an object, nor reports a deletion, nor makes
// a create succeed.
func oddAnswersDecideNothing(b *bench) {
	src := b.source(2)
	spec := b.spec(src)
	deletion, creation := b.deleteRequest(spec), b.createRequest(spec)
	for _, body := range oddAnswers() {
		made := b.create(b.cloud, spec)
		b.Fault(Fault{Method: http.MethodGet, Path: "snapshot"}.saying(body))
		if got, err := b.cloud.Snapshot(b.Context(), made.Ref()); err != nil || got.ID != made.ID {
			b.Errorf("%q: read gives %+v, %v", body, got, err)
		}
		before := b.on(src)
		b.Fault(creation.saying(body))
		other, operation, err := b.cloud.CreateSnapshot(b.Context(), spec)
		if err == nil {
			b.Fatalf("%q: create succeeds with %+v, %+v", body, other, operation)
		}
		b.failed(fmt.Sprintf("create answered with %q", body), err, driver.KindAmbiguous)
		if diff := gocmp.Diff(before, b.on(src)); diff != "" {
			b.Errorf("%q: create: what exists at the cloud: %s", body, diff)
		}
		b.Fault(deletion.saying(body))
		err = b.cloud.DeleteSnapshot(b.Context(), made.Ref())
		left := slices.Contains(b.on(src), made.ID)
		if (err == nil) == left {
			b.Errorf("%q: delete gives %v, and the snapshot is there: %t", body, err, left)
		}
		b.Fault()
		if err := b.cloud.DeleteSnapshot(b.Context(), made.Ref()); err != nil {
			b.Errorf("%q: delete: %v", body, err)
		}
	}
}

func limitedCreateIsSentAgain(b *bench) {
	src := b.source(1)
	before := b.on(src)
	spec := b.spec(src)
	aim := b.createRequest(spec)
	b.warm(b.cloud, src)
	b.Fault(aim.answering(429, 2))
	ready := b.create(b.cloud, spec)
	if n := b.sent(aim); n != 3 {
		b.Errorf("sent %d times, not three", n)
	}
	fresh := slices.DeleteFunc(b.on(src), func(id string) bool { return slices.Contains(before, id) })
	if !slices.Equal(fresh, []string{ready.ID}) {
		b.Errorf("made %q, and new at the cloud is %v", ready.ID, fresh)
	}
}

func readsAndDeletesAreRepeated(b *bench) {
	src := b.source(1)
	before := b.on(src)
	aim := b.deleteRequest(b.spec(src))
	made := b.create(b.cloud, b.spec(src))
	reads := Fault{Method: http.MethodGet}
	for what, fault := range map[string]Fault{
		"503": reads.answering(503, 2), "429": reads.answering(429, 2), "reset": reads.with(DoReset, 1, 2), "lost": reads.with(DoLose, 1, 1),
	} {
		b.mark()
		b.Fault(fault)
		if got, err := b.cloud.Snapshot(b.Context(), made.Ref()); err != nil || got.ID != made.ID {
			b.Errorf("read with %s: %+v %v", what, got, err)
		}
		if n := b.sent(reads); n < 2 {
			b.Errorf("read with %s: sent %d times", what, n)
		}
	}
	for what, fault := range map[string]Fault{
		"503": aim.answering(503, 2), "429": aim.answering(429, 2), "reset": aim.with(DoReset, 1, 2), "lost": aim.with(DoLose, 1, 1),
	} {
		b.Fault()
		if !slices.Contains(b.on(src), made.ID) {
			made = b.create(b.cloud, b.spec(src))
		}
		b.mark()
		b.Fault(fault)
		if err := b.cloud.DeleteSnapshot(b.Context(), made.Ref()); err != nil {
			b.Errorf("delete with %s: %v", what, err)
		}
		// A single slot is looked at again before a delete is repeated, and after a lost answer it is empty: what is there now may be somebody else's.
		if n := b.sent(aim); n < 2 && (!b.Limits.SingleSlot || what != "lost") {
			b.Errorf("delete with %s: sent %d times", what, n)
		}
		if diff := gocmp.Diff(before, b.on(src)); diff != "" {
			b.Errorf("delete with %s: what exists at the cloud: %s", what, diff)
		}
	}
}
