package cloud

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

var imageSpec = driver.ImageSpec{Location: "zone-1", Name: "golden", URL: "https://img.example/golden.qcow2"}

func TestImages_newestFirst(t *testing.T) {
	c, f := newPlain(t)
	at := time.Unix(1_000_000_000, 0)
	filter := driver.ImageFilter{Location: "zone-1", Name: "gold"}
	f.images = func(_ context.Context, got driver.ImageFilter) ([]driver.Image, error) {
		if got != filter {
			t.Errorf("listed %+v", got)
		}
		return []driver.Image{
			{ID: "b", CreatedAt: at},
			{ID: "undated"},
			{ID: "a", CreatedAt: at, Location: "zone-2"},
			{ID: "new", CreatedAt: at.Add(time.Hour)},
		}, nil
	}
	list, err := c.Images(t.Context(), filter)
	var ids []string
	for _, i := range list {
		ids = append(ids, i.ID+"@"+i.Location)
	}
	if err != nil || strings.Join(ids, " ") != "new@zone-1 a@zone-2 b@zone-1 undated@zone-1" {
		t.Errorf("got %v, %v", ids, err)
	}
	f.images = func(context.Context, driver.ImageFilter) ([]driver.Image, error) { return nil, answer(500, "down") }
	_, err = c.Images(t.Context(), filter)
	failed(t, c, err, driver.KindUnavailable, "list images")
}

func TestImage_andStats(t *testing.T) {
	c, f := newPlain(t)
	ref := driver.Ref{Location: "zone-1", ObjectID: "i1"}
	f.image = func(_ context.Context, ref driver.Ref) (driver.Image, error) {
		return driver.Image{ID: ref.ObjectID}, nil
	}
	if i, err := c.Image(t.Context(), ref); err != nil || i.Ref() != ref || !c.tracker.isTracked("i1") {
		t.Errorf("got %+v, %v", i, err)
	}
	f.image = func(context.Context, driver.Ref) (driver.Image, error) { return driver.Image{}, errNotFound }
	_, err := c.Image(t.Context(), ref)
	if e := failed(t, c, err, driver.KindNotFound, "read image"); e.Ref != ref || !driver.IsNotFound(err) {
		t.Errorf("got %+v", e)
	}
	want := driver.ImageStats{Count: 2, TotalMB: 100, UsedMB: 25, FreeMB: 75}
	f.imageStats = func(context.Context) (driver.ImageStats, error) { return want, nil }
	if got, err := c.ImageStats(t.Context()); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	f.imageStats = func(context.Context) (driver.ImageStats, error) { return driver.ImageStats{}, answer(403, "no") }
	_, err = c.ImageStats(t.Context())
	failed(t, c, err, driver.KindPermission, "read image statistics")
}

func refusesImage(err error) func(context.Context, driver.ImageSpec) (driver.Image, driver.Operation, error) {
	return func(context.Context, driver.ImageSpec) (driver.Image, driver.Operation, error) {
		return driver.Image{}, driver.Operation{}, err
	}
}

func TestCreateImage_returnsWhatTheCloudAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		n := 0
		f.createImage = func(_ context.Context, got driver.ImageSpec) (driver.Image, driver.Operation, error) {
			if got != imageSpec {
				t.Errorf("asked for %+v", got)
			}
			if n++; n == 1 {
				return driver.Image{}, driver.Operation{}, answer(423, "locked")
			}
			return driver.Image{ID: "i1", State: driver.StateCreating}, driver.Operation{PollObject: true}, nil
		}
		i, operation, err := c.CreateImage(t.Context(), imageSpec)
		if err != nil || i.ID != "i1" || i.Location != "zone-1" || !operation.PollObject ||
			!c.tracker.isTracked("i1") ||
			n != 2 {
			t.Errorf("got %+v, %+v, %v", i, operation, err)
		}
		f.createImage = refusesImage(answer(402, "no room"))
		stats := driver.ImageStats{Count: 2, TotalMB: 100, UsedMB: 100}
		f.imageStats = func(context.Context) (driver.ImageStats, error) { return stats, nil }
		_, _, err = c.CreateImage(t.Context(), imageSpec)
		if e := failed(t, c, err, driver.KindLimit, "create image"); e.ImageStats == nil || *e.ImageStats != stats {
			t.Errorf("got %+v", e)
		}
	})
}

func TestCreateImage_lostReply(t *testing.T) {
	for name, tc := range map[string]struct {
		list    func(now time.Time) []driver.Image
		adopted string
		hint    string
	}{
		"exactly one": {list: func(now time.Time) []driver.Image {
			return []driver.Image{
				{ID: "new", Name: "golden", URL: imageSpec.URL, CreatedAt: now},
				{ID: "old", Name: "golden", URL: imageSpec.URL, CreatedAt: now.Add(-time.Hour)},
				{ID: "other name", Name: "golden 2", URL: imageSpec.URL, CreatedAt: now},
				{ID: "other URL", Name: "golden", URL: "https://img.example/else.qcow2", CreatedAt: now},
				{ID: "standard", Name: "golden", Standard: true, CreatedAt: now},
				{ID: "claimed", Name: "golden", URL: imageSpec.URL, CreatedAt: now},
			}
		}, adopted: "new"},
		"URL not told": {list: func(now time.Time) []driver.Image {
			return []driver.Image{{ID: "new", Name: "golden", CreatedAt: now}}
		}, adopted: "new"},
		"none": {
			list: func(time.Time) []driver.Image { return nil },
			hint: "A later listing shows no new image, so the cloud probably did not act. " +
				"Check the custom images of this account before you apply again",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				c.Track(driver.Ref{ObjectID: "claimed"})
				start, looks := time.Now(), 2
				if name == "none" {
					looks = 1 + maxListings
				}
				f.createImage = refusesImage(lostReply())
				f.images = listsAfter(
					f,
					"CreateImage",
					func(_ context.Context, filter driver.ImageFilter) ([]driver.Image, error) {
						if filter.Location != "zone-1" || filter.Standard == nil || *filter.Standard ||
							filter.Visibility != driver.VisibilityPrivate {
							t.Errorf("listed %+v", filter)
						}
						return tc.list(start), nil
					},
				)
				i, operation, err := c.CreateImage(t.Context(), imageSpec)
				if f.count("CreateImage") != 1 || f.count("Images") != looks {
					t.Errorf("calls: %v", f.calls)
				}
				if tc.adopted != "" {
					if err != nil || i.ID != tc.adopted || !operation.PollObject || !c.tracker.isTracked(tc.adopted) {
						t.Errorf("got %+v, %+v, %v", i, operation, err)
					}
					return
				}
				if e := failed(t, c, err, driver.KindAmbiguous, "create image"); !strings.Contains(e.Hint, tc.hint) ||
					e.Status != 503 {
					t.Errorf("got %q", e.Hint)
				}
			})
		})
	}
}

func TestCreateImage_lostReplyThatCannotBeLookedFor(t *testing.T) {
	c, f := newPlain(t)
	f.createImage = refusesImage(lostReply())
	f.images = listsAfter(
		f,
		"CreateImage",
		func(context.Context, driver.ImageFilter) ([]driver.Image, error) { return nil, answer(500, "down") },
	)
	_, _, err := c.CreateImage(t.Context(), imageSpec)
	if e := failed(t, c, err, driver.KindAmbiguous, "create image"); !strings.Contains(
		e.Hint,
		"The listing failed too: down.",
	) {
		t.Errorf("got %q", e.Hint)
	}
	blind := &fake{t: t, createImage: f.createImage}
	c = open(t, descriptor("blind"), blindClient{blind, imagePart{blind}})
	_, _, err = c.CreateImage(t.Context(), imageSpec)
	if e := failed(t, c, err, driver.KindAmbiguous, "create image"); !strings.Contains(
		e.Hint,
		"The blind cannot list them",
	) {
		t.Errorf("got %q", e.Hint)
	}
}

func TestCreateImage_cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		ctx, cancel := context.WithCancel(t.Context())
		f.createImage = func(ctx context.Context, _ driver.ImageSpec) (driver.Image, driver.Operation, error) {
			cancel()
			<-ctx.Done()
			return driver.Image{ID: "i1"}, driver.Operation{}, nil
		}
		if i, _, err := c.CreateImage(ctx, imageSpec); err != nil || i.ID != "i1" {
			t.Errorf("what the cloud has made is lost: %+v, %v", i, err)
		}
		_, _, err := c.CreateImage(ctx, imageSpec)
		failed(t, c, err, driver.KindCanceled, "create image")
		if f.count("CreateImage") != 1 {
			t.Error("sent after the end")
		}
	})
}

func TestWaitImage(t *testing.T) {
	in := func(s driver.State) driver.Image { return driver.Image{ID: "i1", State: s} }
	watch := driver.Operation{PollObject: true}
	for name, tc := range map[string]struct {
		made      driver.Image
		operation driver.Operation
		poll      func(context.Context, driver.Operation) (driver.OperationStatus, error)
		steps     []driver.Image
		state     driver.State
		kind      driver.Kind
		message   string
	}{
		"ready already": {made: in(driver.StateReady), state: driver.StateReady},
		"downloaded": {
			made: in(driver.StateCreating), operation: watch,
			steps: []driver.Image{in(driver.StateCreating), in("queued"), in(driver.StateReady)},
			state: driver.StateReady,
		},
		"template": {
			made: driver.Image{State: driver.StateCreating}, operation: driver.Operation{ID: "j", PollObject: true},
			poll:  polls(driver.OperationStatus{Done: true, ObjectID: "i1"}, nil),
			steps: []driver.Image{in(driver.StateReady)}, state: driver.StateReady,
		},
		"not named": {
			made: driver.Image{State: driver.StateCreating}, operation: driver.Operation{ID: "j"},
			poll: polls(driver.OperationStatus{Done: true}, nil), state: driver.StateCreating,
			kind: driver.KindAmbiguous, message: "did not return the ID of the new image",
		},
		"operation failed": {
			made: in(driver.StateCreating), operation: driver.Operation{ID: "j"},
			poll:  polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "bad checksum"}),
			state: driver.StateCreating, kind: driver.KindFailed, message: "bad checksum",
		},
		"error state": {made: in(driver.StateCreating), operation: watch, steps: []driver.Image{
			in(driver.StateCreating), {ID: "i1", State: driver.StateError, ErrorMessage: "404 at the URL"},
		}, state: driver.StateError, kind: driver.KindFailed, message: "404 at the URL"},
		"error, untold": {
			made: in(driver.StateCreating), operation: watch, steps: []driver.Image{in(driver.StateError)},
			state: driver.StateError, kind: driver.KindFailed, message: "the image is in the state error",
		},
		"unknown forever": {
			made: in(driver.StateCreating), operation: watch, steps: []driver.Image{in("thawing")}, state: "thawing",
			kind: driver.KindTimeout, message: `the last state was "thawing"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.getOperation = tc.poll
				if len(tc.steps) > 0 {
					next := sequence(tc.steps...)
					f.image = func(_ context.Context, ref driver.Ref) (driver.Image, error) {
						if ref != (driver.Ref{Location: "zone-1", ObjectID: "i1"}) {
							t.Errorf("read %+v", ref)
						}
						return next(), nil
					}
				}
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
				defer cancel()
				tc.made.Location = "zone-1"
				i, err := c.WaitImage(ctx, tc.made, tc.operation)
				if i.State != tc.state || i.Location != "zone-1" {
					t.Errorf("got %+v", i)
				}
				if tc.kind == driver.KindUnknown {
					if err != nil || f.count("Image") != len(tc.steps) {
						t.Errorf("got %v after %v", err, f.calls)
					}
					return
				}
				e := failed(t, c, err, tc.kind, "finish creating image")
				if !strings.Contains(e.Message, tc.message) || e.OperationID != tc.operation.ID {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

func TestWaitImage_gone(t *testing.T) {
	c, f := newPlain(t)
	f.image = func(context.Context, driver.Ref) (driver.Image, error) { return driver.Image{}, errNotFound }
	i, err := c.WaitImage(
		t.Context(),
		driver.Image{ID: "i1", State: driver.StateCreating},
		driver.Operation{PollObject: true},
	)
	failed(t, c, err, driver.KindNotFound, "finish creating image")
	if i.ID != "i1" {
		t.Errorf("got %+v", i)
	}
}

func TestUpdateImage_readsBack(t *testing.T) {
	c, f := newZone(t)
	c.pace.Ceiling = time.Millisecond
	ref, name := driver.Ref{Location: "zone-1", ObjectID: "i1"}, "renamed"
	f.updateImage = func(_ context.Context, got driver.Ref, change driver.ImageChange) (driver.Operation, error) {
		if got != ref || *change.Name != name || change.Description != nil {
			t.Errorf("changed %+v %+v", got, change)
		}
		return driver.Operation{ID: "j"}, nil
	}
	f.getOperation = polls(driver.OperationStatus{Done: true}, nil)
	f.image = func(context.Context, driver.Ref) (driver.Image, error) {
		return driver.Image{ID: "i1", Name: name}, nil
	}
	i, err := c.UpdateImage(t.Context(), ref, driver.ImageChange{Name: &name})
	if err != nil || i.Name != name || strings.Join(f.calls, " ") != "UpdateImage GetOperation Image" {
		t.Errorf("got %+v, %v after %v", i, err, f.calls)
	}
	f.getOperation = polls(driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no"})
	_, err = c.UpdateImage(t.Context(), ref, driver.ImageChange{Name: &name})
	if e := failed(t, c, err, driver.KindFailed, "update image"); e.OperationID != "j" {
		t.Errorf("got %+v", e)
	}
	f.updateImage = func(context.Context, driver.Ref, driver.ImageChange) (driver.Operation, error) {
		return driver.Operation{}, answer(400, "bad name")
	}
	_, err = c.UpdateImage(t.Context(), ref, driver.ImageChange{})
	failed(t, c, err, driver.KindInvalid, "update image")
}

func TestDeleteImage(t *testing.T) {
	ref := driver.Ref{Location: "zone-1", ObjectID: "i1"}
	for name, tc := range map[string]struct {
		operation driver.Operation
		err       error
		gone      bool
		kind      driver.Kind
		calls     string
	}{
		"at once":      {calls: "DeleteImage"},
		"gone already": {err: errNotFound, gone: true, calls: "DeleteImage Image"},
		"operation, watch": {
			operation: driver.Operation{ID: "j", PollObject: true}, calls: "DeleteImage GetOperation Image Image",
		},
		"refused": {err: answer(409, "in use"), kind: driver.KindConflict, calls: "DeleteImage"},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, f := newZone(t)
			n := 0
			f.deleteImage = func(context.Context, driver.Ref) (driver.Operation, error) { return tc.operation, tc.err }
			f.getOperation = polls(driver.OperationStatus{Done: true}, nil)
			f.image = func(context.Context, driver.Ref) (driver.Image, error) {
				if n++; n == 1 && !tc.gone {
					return driver.Image{ID: "i1"}, nil
				}
				return driver.Image{}, errNotFound
			}
			err := c.DeleteImage(t.Context(), ref)
			if tc.kind != driver.KindUnknown {
				failed(t, c, err, tc.kind, "delete image")
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got := strings.Join(f.calls, " "); got != tc.calls {
				t.Errorf("%s: calls: %s", name, got)
			}
		})
	}
	c, f := newZone(t)
	failed(t, c, c.DeleteImage(t.Context(), driver.Ref{}), driver.KindConflict, "delete image")
	if len(f.calls) != 0 {
		t.Errorf("calls: %v", f.calls)
	}
}
