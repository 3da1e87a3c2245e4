package drivertest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

func unknownSource(e *env) {
	src := e.source(1)
	spec := e.spec(src)
	spec.SourceID = e.absentSource(src)
	before := e.Snapshots()
	// Terraform deletes the old snapshot of a replacement before it creates the new one: the plan must find this.
	_, _, err := e.cloud.Overwrites(e.Context(), spec)
	if err = errors.Join(err, e.cloud.CheckSource(e.Context(), spec)); err == nil {
		e.Error("the plan accepts a source that does not exist")
	}
	_, _, err = e.cloud.CreateSnapshot(e.Context(), spec)
	failure := e.wantError("create of an unknown source", err,
		driver.KindNotFound, driver.KindPermission, driver.KindInvalid, driver.KindConflict, driver.KindAuth)
	if failure.Status < http.StatusBadRequest {
		e.Errorf("the error has the HTTP status %d: %v", failure.Status, failure)
	}
	if diff := gocmp.Diff(before, e.Snapshots()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

func fullSource(e *env) {
	src := e.limitedSources()[0]
	for range src.Slots - len(e.snapshotsOf(src)) {
		e.Advance(1e9)
		e.create(e.cloud, e.spec(src))
	}
	before := e.snapshotsOf(src)
	e.startCounting()
	_, _, err := e.cloud.CreateSnapshot(e.Context(), e.spec(src))
	failure := e.wantError("create on a full source", err, driver.KindLimit)
	if n := len(e.changes()); n != 1 {
		e.Errorf("it was sent %d times", n)
	}
	var named []string
	for _, s := range failure.ExistingSnapshots {
		named = append(named, s.ID)
	}
	sorted := slices.IsSortedFunc(
		failure.ExistingSnapshots,
		func(x, y driver.Snapshot) int { return x.CreatedAt.Compare(y.CreatedAt) },
	)
	slices.Sort(named)
	if diff := gocmp.Diff(before, named); diff != "" || !sorted || failure.Now.IsZero() {
		e.Errorf("the existing snapshots, oldest first: %+v %s", failure.ExistingSnapshots, diff)
	}
	if diff := gocmp.Diff(before, e.snapshotsOf(src)); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

func occupiedSlot(e *env) {
	src := e.source(1)
	old := e.create(e.reopen(e.Settings), e.spec(src))
	careful := e.spec(src)
	careful.ReplaceExisting = false
	e.startCounting()
	for what, try := range map[string]func() error{
		"check at plan time": func() error { return e.cloud.CheckExistingSnapshot(e.Context(), careful) },
		"create":             func() error { _, _, err := e.cloud.CreateSnapshot(e.Context(), careful); return err },
	} {
		failure := e.wantError(what, try(), driver.KindWouldOverwrite)
		if len(failure.ExistingSnapshots) != 1 || failure.ExistingSnapshots[0].ID != old.ID || failure.Now.IsZero() {
			e.Errorf("%s: the existing snapshots: %+v", what, failure.ExistingSnapshots)
		}
	}
	if n := len(e.changes()); n != 0 || !slices.Equal(e.snapshotsOf(src), []string{old.ID}) {
		e.Errorf("%d changes were sent, and there is %v", n, e.snapshotsOf(src))
	}

	replaced := e.create(e.cloud, e.spec(src))
	if replaced.ID == old.ID || !slices.Equal(e.snapshotsOf(src), []string{replaced.ID}) {
		e.Errorf("replaced %q by %q, and there is %v", old.ID, replaced.ID, e.snapshotsOf(src))
	}
	_, err := e.cloud.Snapshot(e.Context(), old.Ref())
	e.wantError("read of what was replaced", err, driver.KindNotFound)
	if err := e.cloud.DeleteSnapshot(e.Context(), old.Ref()); err != nil ||
		!slices.Equal(e.snapshotsOf(src), []string{replaced.ID}) {
		e.Errorf("deleting what was replaced: %v, and there is %v", err, e.snapshotsOf(src))
	}
}

func wrongCredentials(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	before := e.Snapshots()
	settings := e.Settings
	settings.Values = map[string]string{}
	for name, value := range e.Settings.Values {
		if f, ok := e.Field(name); ok && f.Sensitive {
			value = "canary-" + strings.ToUpper(name) + "-canary"
			e.recorder.addSecret(value)
		}
		settings.Values[name] = value
	}
	stranger := e.reopen(settings)
	spec := e.spec(src)
	name := spec.Name + " x"
	for what, try := range map[string]func() error{
		"create": func() error { _, _, err := stranger.CreateSnapshot(e.Context(), spec); return err },
		"read":   func() error { _, err := stranger.Snapshot(e.Context(), made.Ref()); return err },
		"wait": func() error {
			_, err := stranger.WaitSnapshot(e.Context(), made, driver.Operation{PollObject: true}, driver.ReadyWhen{})
			return err
		},
		"list": func() error {
			_, err := stranger.Snapshots(e.Context(), driver.SnapshotFilter{SourceID: src.ID, Location: spec.Location})
			return err
		},
		"update": func() error {
			_, err := stranger.UpdateSnapshot(e.Context(), made.Ref(), driver.SnapshotChange{Name: &name})
			return err
		},
		"delete": func() error { return stranger.DeleteSnapshot(e.Context(), made.Ref()) },
	} {
		kinds := []driver.Kind{driver.KindAuth}
		if what == "update" {
			kinds = append(kinds, driver.KindUnsupported)
		}
		e.wantError(what+" with wrong credentials", try(), kinds...)
	}
	if diff := gocmp.Diff(before, e.Snapshots()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

// failureStatuses maps the statuses that do not mean not-found to the kinds that they may have.
func failureStatuses() map[int][]driver.Kind {
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

// failureBodies are the bodies that a cloud or a proxy sends with such a status.
func failureBodies() map[string]string {
	return map[string]string{
		"JSON":              `{"message":"planted"}`,
		"a page":            "<html><title>Planted</title></html>",
		"a line of a proxy": "default backend - 404",
		"nothing":           "",
	}
}

func refusalsAreNotAbsence(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	methods := []string{http.MethodGet, e.deleteRequest(e.spec(src)).Method}
	answers := failureStatuses()
	answers[http.StatusNotFound] = []driver.Kind{driver.KindUnavailable}
	for status, kinds := range answers {
		for form, body := range failureBodies() {
			// An answer that is not JSON comes from an intermediary and proves nothing about objects. Any other 404
			// comes from the cloud.
			if status == http.StatusNotFound && form != "a page" && form != "a line of a proxy" {
				continue
			}
			what := fmt.Sprintf("with a %d and %s", status, form)
			var faults []Fault
			for _, method := range methods {
				f := Fault{Method: method}.responding(status, 0)
				f.Body = body
				faults = append(faults, f)
			}
			e.Fault(faults...)
			_, err := e.cloud.Snapshot(e.Context(), made.Ref())
			failures := []*driver.Error{
				e.wantError("read "+what, err, kinds...),
				e.wantError("delete "+what, e.cloud.DeleteSnapshot(e.Context(), made.Ref()), kinds...),
			}
			for _, failure := range failures {
				if failure.Status != status {
					e.Errorf("%s %s: the error has the HTTP status %d", failure.Op, what, failure.Status)
				}
			}
		}
	}
	e.Fault()
	if _, err := e.cloud.Snapshot(e.Context(), made.Ref()); err != nil {
		e.Errorf("read afterwards: %v", err)
	}
}

func firstRequestFails(e *env) {
	src := e.source(1)
	made := e.create(e.cloud, e.spec(src))
	before := e.Snapshots()
	for status, kinds := range failureStatuses() {
		for form, body := range failureBodies() {
			// The first request of the client fails. That is the sign-in where there is one.
			f := Fault{}.responding(status, 0)
			f.Body = body
			e.Fault(f)
			what := fmt.Sprintf("with a %d and %s", status, form)
			fresh := e.reopen(e.Settings)
			_, err := fresh.Snapshot(e.Context(), made.Ref())
			e.wantError("read "+what, err, kinds...)
			e.wantError("delete "+what, fresh.DeleteSnapshot(e.Context(), made.Ref()), kinds...)
		}
	}
	e.Fault()
	if diff := gocmp.Diff(before, e.Snapshots()); diff != "" {
		e.Errorf("what exists at the cloud: %s", diff)
	}
}

func errorsCarryRequestID(e *env) {
	src := e.source(1)
	spec := e.spec(src)
	spec.SourceID = e.absentSource(src)
	_, _, err := e.cloud.CreateSnapshot(e.Context(), spec)
	ids := e.recorder.requestIDs()
	var failure *driver.Error
	if !errors.As(err, &failure) || !slices.Contains(ids, failure.RequestID) {
		e.Errorf("the error has not one of the request IDs %q of the exchange: %+v", ids, failure)
	}
}
