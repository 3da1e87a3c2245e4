package cloudtest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func unknownSource(b *bench) {
	src := b.source(1)
	var taken []string
	for _, s := range b.Sources() {
		taken = append(taken, s.ID)
	}
	spec := b.spec(src)
	spec.SourceID = b.absent(src.ID, taken)
	before := b.Snapshots()
	_, _, err := b.cloud.CreateSnapshot(b.Context(), spec)
	failure := b.failed("create of an unknown source", err,
		driver.KindNotFound, driver.KindPermission, driver.KindInvalid, driver.KindConflict, driver.KindAuth)
	if failure.Status < http.StatusBadRequest {
		b.Errorf("the error has the HTTP status %d: %v", failure.Status, failure)
	}
	if diff := gocmp.Diff(before, b.Snapshots()); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

func fullSource(b *bench) {
	if b.Limits.SingleSlot {
		b.Skip("a full slot of this cloud is overwritten")
	}
	all := slices.DeleteFunc(b.sources(1), func(s Source) bool { return s.Slots < 1 })
	if len(all) == 0 {
		b.Skip("no source has a limit")
	}
	src := all[0]
	for range src.Slots - len(b.on(src)) {
		b.Advance(1e9)
		b.create(b.cloud, b.spec(src))
	}
	before := b.on(src)
	b.mark()
	_, _, err := b.cloud.CreateSnapshot(b.Context(), b.spec(src))
	failure := b.failed("create on a full source", err, driver.KindLimit)
	if n := len(b.changes()); n != 1 {
		b.Errorf("it was sent %d times", n)
	}
	var named []string
	for _, s := range failure.ExistingSnapshots {
		named = append(named, s.ID)
	}
	sorted := slices.IsSortedFunc(failure.ExistingSnapshots, func(x, y driver.Snapshot) int { return x.CreatedAt.Compare(y.CreatedAt) })
	slices.Sort(named)
	if diff := gocmp.Diff(before, named); diff != "" || !sorted || failure.Now.IsZero() {
		b.Errorf("the occupants, oldest first: %+v %s", failure.ExistingSnapshots, diff)
	}
	if diff := gocmp.Diff(before, b.on(src)); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

func occupiedSlot(b *bench) {
	if !b.Limits.SingleSlot {
		b.Skip("this cloud keeps several snapshots side by side")
	}
	src := b.source(1)
	old := b.create(b.reopen(b.Settings), b.spec(src))
	careful := b.spec(src)
	careful.ReplaceExisting = false
	b.mark()
	for what, try := range map[string]func() error{
		"check at plan time": func() error { return b.cloud.CheckExistingSnapshot(b.Context(), careful) },
		"create":             func() error { _, _, err := b.cloud.CreateSnapshot(b.Context(), careful); return err },
	} {
		failure := b.failed(what, try(), driver.KindWouldOverwrite)
		if len(failure.ExistingSnapshots) != 1 || failure.ExistingSnapshots[0].ID != old.ID || failure.Now.IsZero() {
			b.Errorf("%s: the occupants: %+v", what, failure.ExistingSnapshots)
		}
	}
	if n := len(b.changes()); n != 0 || !slices.Equal(b.on(src), []string{old.ID}) {
		b.Errorf("%d changes were sent, and there is %v", n, b.on(src))
	}

	replaced := b.create(b.cloud, b.spec(src))
	if replaced.ID == old.ID || !slices.Equal(b.on(src), []string{replaced.ID}) {
		b.Errorf("replaced %q by %q, and there is %v", old.ID, replaced.ID, b.on(src))
	}
	_, err := b.cloud.Snapshot(b.Context(), old.Ref())
	b.failed("read of what was replaced", err, driver.KindNotFound)
	if err := b.cloud.DeleteSnapshot(b.Context(), old.Ref()); err != nil || !slices.Equal(b.on(src), []string{replaced.ID}) {
		b.Errorf("deleting what was replaced: %v, and there is %v", err, b.on(src))
	}
}

func wrongCredentials(b *bench) {
	src := b.source(1)
	made := b.create(b.cloud, b.spec(src))
	before := b.Snapshots()
	settings := b.Settings
	settings.Values = map[string]string{}
	for name, value := range b.Settings.Values {
		if f, ok := b.Field(name); ok && f.Sensitive {
			value = "canary-" + strings.ToUpper(name) + "-canary"
			b.wire.guard(value)
		}
		settings.Values[name] = value
	}
	stranger := b.reopen(settings)
	spec := b.spec(src)
	name := spec.Name + " x"
	for what, try := range map[string]func() error{
		"create": func() error { _, _, err := stranger.CreateSnapshot(b.Context(), spec); return err },
		"read":   func() error { _, err := stranger.Snapshot(b.Context(), made.Ref()); return err },
		"wait": func() error {
			_, err := stranger.WaitSnapshot(b.Context(), made, driver.Operation{PollObject: true}, driver.ReadyWhen{})
			return err
		},
		"list": func() error {
			_, err := stranger.Snapshots(b.Context(), driver.SnapshotFilter{SourceID: src.ID, Location: spec.Location})
			return err
		},
		"update": func() error {
			_, err := stranger.UpdateSnapshot(b.Context(), made.Ref(), driver.SnapshotChange{Name: &name})
			return err
		},
		"delete": func() error { return stranger.DeleteSnapshot(b.Context(), made.Ref()) },
	} {
		kinds := []driver.Kind{driver.KindAuth}
		if what == "update" {
			kinds = append(kinds, driver.KindUnsupported)
		}
		b.failed(what+" with wrong credentials", try(), kinds...)
	}
	if diff := gocmp.Diff(before, b.Snapshots()); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

// verdicts are the statuses that say nothing of an object, and what they may be taken for.
func verdicts() map[int][]driver.Kind {
	unavailable := []driver.Kind{driver.KindUnavailable}
	return map[int][]driver.Kind{
		http.StatusUnauthorized:        {driver.KindAuth},
		http.StatusForbidden:           {driver.KindAuth, driver.KindPermission},
		http.StatusTooManyRequests:     {driver.KindRateLimited},
		http.StatusInternalServerError: unavailable,
		http.StatusBadGateway:          unavailable,
		http.StatusServiceUnavailable:  unavailable,
		http.StatusGatewayTimeout:      unavailable,
	}
}

// bodies are what a cloud, a proxy or nobody writes below such a status.
func bodies() map[string]string {
	return map[string]string{"JSON": `{"message":"planted"}`, "a page": "<html><title>Planted</title></html>", "a line of a proxy": "default backend - 404", "nothing": ""}
}

func refusalsAreNotAbsence(b *bench) {
	src := b.source(1)
	made := b.create(b.cloud, b.spec(src))
	methods := []string{http.MethodGet, b.deleteRequest(b.spec(src)).Method}
	answers := verdicts()
	answers[http.StatusNotFound] = []driver.Kind{driver.KindUnavailable}
	for status, kinds := range answers {
		for form, body := range bodies() {
			// What is no JSON comes from something in front of the API, which knows nothing of objects; any other 404 is the cloud's word.
			if status == http.StatusNotFound && form != "a page" && form != "a line of a proxy" {
				continue
			}
			what := fmt.Sprintf("with a %d and %s", status, form)
			var faults []Fault
			for _, method := range methods {
				f := Fault{Method: method}.answering(status, 0)
				f.Body = body
				faults = append(faults, f)
			}
			b.Fault(faults...)
			_, err := b.cloud.Snapshot(b.Context(), made.Ref())
			failures := []*driver.Error{
				b.failed("read "+what, err, kinds...),
				b.failed("delete "+what, b.cloud.DeleteSnapshot(b.Context(), made.Ref()), kinds...),
			}
			for _, failure := range failures {
				if failure.Status != status {
					b.Errorf("%s %s: the error has the HTTP status %d", failure.Op, what, failure.Status)
				}
			}
		}
	}
	b.Fault()
	if _, err := b.cloud.Snapshot(b.Context(), made.Ref()); err != nil {
		b.Errorf("read afterwards: %v", err)
	}
}

func firstRequestFails(b *bench) {
	src := b.source(1)
	made := b.create(b.cloud, b.spec(src))
	before := b.Snapshots()
	for status, kinds := range verdicts() {
		for form, body := range bodies() {
			// Whatever the client asks first fails, which is the sign-in where there is one.
			f := Fault{}.answering(status, 0)
			f.Body = body
			b.Fault(f)
			what := fmt.Sprintf("with a %d and %s", status, form)
			fresh := b.reopen(b.Settings)
			_, err := fresh.Snapshot(b.Context(), made.Ref())
			b.failed("read "+what, err, kinds...)
			b.failed("delete "+what, fresh.DeleteSnapshot(b.Context(), made.Ref()), kinds...)
		}
	}
	b.Fault()
	if diff := gocmp.Diff(before, b.Snapshots()); diff != "" {
		b.Errorf("what exists at the cloud: %s", diff)
	}
}

func errorsCarryRequestID(b *bench) {
	src := b.source(1)
	var taken []string
	for _, s := range b.Sources() {
		taken = append(taken, s.ID)
	}
	spec := b.spec(src)
	spec.SourceID = b.absent(src.ID, taken)
	_, _, err := b.cloud.CreateSnapshot(b.Context(), spec)
	ids := b.wire.requestIDs()
	if len(ids) == 0 {
		b.Skip("the cloud's errors have no request ID")
	}
	var failure *driver.Error
	if !errors.As(err, &failure) || !slices.Contains(ids, failure.RequestID) {
		b.Errorf("the error has not one of the request IDs %q of the exchange: %+v", ids, failure)
	}
}
