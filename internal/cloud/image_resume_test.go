package cloud

import (
	"context"
	"testing"
)

func TestImageOf(t *testing.T) {
	ref, job := Ref{Location: "zone-1", ObjectID: "i1"}, Job{ID: "j"}
	type read struct {
		image Image
		err   error
	}
	ready, absent := read{Image{ID: "i1", State: StateReady}, nil}, read{Image{}, errNotFound}
	for name, tc := range map[string]struct {
		ref   Ref
		job   Job
		reads []read
		poll  func(context.Context, Job) (JobStatus, error)
		id    string
		state State
		kind  Kind
	}{
		"there":                 {ref: ref, reads: []read{ready}, id: "i1", state: StateReady},
		"gone":                  {ref: ref, reads: []read{absent}, kind: KindNotFound},
		"refused":               {ref: ref, job: job, reads: []read{{Image{}, answer(403, "no")}}, kind: KindPermission},
		"not yet":               {ref: ref, job: job, reads: []read{absent}, poll: polls(JobStatus{Word: "pending"}, nil), id: "i1", state: StateCreating},
		"over in between":       {ref: ref, job: job, reads: []read{absent, ready}, poll: polls(JobStatus{Done: true}, nil), id: "i1", state: StateReady},
		"made and deleted":      {ref: ref, job: job, reads: []read{absent}, poll: polls(JobStatus{Done: true}, nil), kind: KindNotFound},
		"failed":                {ref: ref, job: job, reads: []read{absent}, poll: polls(JobStatus{}, &Error{Kind: KindFailed, Message: "no"}), kind: KindNotFound},
		"forgotten":             {ref: ref, job: job, reads: []read{absent}, poll: polls(JobStatus{}, errNotFound), kind: KindNotFound},
		"job does not answer":   {ref: ref, job: job, reads: []read{absent}, poll: polls(JobStatus{}, answer(503, "down")), kind: KindUnavailable},
		"without an ID":         {job: job, poll: polls(JobStatus{Word: "pending"}, nil), state: StateCreating},
		"without an ID, named":  {job: job, reads: []read{ready}, poll: polls(JobStatus{Done: true, ObjectID: "i1"}, nil), id: "i1", state: StateReady},
		"without an ID and job": {kind: KindNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newZone(t)
			f.pollJob = tc.poll
			if len(tc.reads) > 0 {
				next := sequence(tc.reads...)
				f.image = func(context.Context, Ref) (Image, error) { r := next(); return r.image, r.err }
			}
			i, err := c.ImageOf(t.Context(), tc.ref, tc.job)
			if tc.kind != KindUnknown {
				failed(t, c, err, tc.kind, "read image")
				return
			}
			if err != nil || i.ID != tc.id || i.State != tc.state || i.Location != tc.ref.Location {
				t.Errorf("got %+v, %v", i, err)
			}
		})
	}
}

func TestIdentifyImage(t *testing.T) {
	job := Job{ID: "j"}
	for name, tc := range map[string]struct {
		ref  Ref
		job  Job
		poll func(context.Context, Job) (JobStatus, error)
		id   string
		kind Kind
	}{
		"known, no job":       {ref: Ref{ObjectID: "i1"}, id: "i1"},
		"known, job over":     {ref: Ref{ObjectID: "i1"}, job: job, poll: polls(JobStatus{Done: true}, nil), id: "i1"},
		"known, job failed":   {ref: Ref{ObjectID: "i1"}, job: job, poll: polls(JobStatus{}, &Error{Kind: KindFailed, Message: "no"}), id: "i1"},
		"named by the job":    {job: job, poll: polls(JobStatus{Done: true, ObjectID: "i1"}, nil), id: "i1"},
		"never named":         {job: job, poll: polls(JobStatus{}, &Error{Kind: KindFailed, Message: "no"}), kind: KindNotFound},
		"nothing known":       {kind: KindNotFound},
		"job is not for us":   {job: job, poll: polls(JobStatus{}, answer(403, "no")), kind: KindPermission},
		"refused, ID or none": {ref: Ref{ObjectID: "i1"}, job: job, poll: polls(JobStatus{}, answer(401, "no")), kind: KindAuth},
	} {
		t.Run(name, func(t *testing.T) {
			c, f := newZone(t)
			f.pollJob = tc.poll
			ref, err := c.IdentifyImage(t.Context(), tc.ref, tc.job)
			if tc.kind != KindUnknown {
				failed(t, c, err, tc.kind, "find image")
				return
			}
			if err != nil || ref.ObjectID != tc.id {
				t.Errorf("got %+v, %v", ref, err)
			}
		})
	}
}

func TestCreateImage_refusalIsExplained(t *testing.T) {
	for status, tc := range map[int]struct {
		kind  Kind
		stats bool
		hint  string
	}{
		402: {KindLimit, true, ""}, 409: {KindConflict, true, ""}, 415: {KindInvalid, true, "Use a raw file."}, 401: {KindAuth, false, ""}, 429: {KindRateLimited, false, ""},
	} {
		c, f := newPlain(t)
		c.Traits.Image.FileHint = "Use a raw file."
		f.createImage = createsImage(Image{}, Job{}, answer(status, "no"))
		f.imageStats = func(context.Context) (ImageStats, error) { return ImageStats{Count: 2}, nil }
		_, _, err := c.CreateImage(t.Context(), imageSpec)
		e := failed(t, c, err, tc.kind, "create image")
		if (e.ImageStats != nil) != tc.stats || e.Hint != tc.hint || e.Message != "no" {
			t.Errorf("%d: %+v", status, e)
		}
	}
	c, f := newPlain(t)
	f.createImage = createsImage(Image{}, Job{}, answer(402, "no room"))
	f.imageStats = func(context.Context) (ImageStats, error) { return ImageStats{}, answer(500, "down") }
	_, _, err := c.CreateImage(t.Context(), imageSpec)
	if e := failed(t, c, err, KindLimit, "create image"); e.ImageStats != nil || e.Message != "no room" {
		t.Errorf("the first error is the one to show: %+v", e)
	}
}
