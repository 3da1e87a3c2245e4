package cloud

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// A cloud may not list an image before its operation ends. Until then, only the state of the operation shows whether
// the image will appear.
func TestImageOf_asksTheOperation(t *testing.T) {
	ref, operation := driver.Ref{Location: "zone-1", ObjectID: "i1"}, driver.Operation{ID: "j1", Location: "zone-1"}
	tests := map[string]struct {
		ref       driver.Ref
		operation driver.Operation
		image     error
		status    driver.OperationStatus
		polled    error
		// want is the image, or else kind the error's.
		want driver.Image
		kind driver.Kind
	}{
		"visible": {
			ref:       ref,
			operation: operation,
			want:      driver.Image{ID: "i1", Location: "zone-1", State: driver.StateReady},
		},
		"going on": {
			ref:       ref,
			operation: operation,
			image:     errNotFound,
			want:      driver.Image{ID: "i1", Location: "zone-1", State: driver.StateCreating},
		},
		"not named yet": {
			ref:       driver.Ref{Location: "zone-1"},
			operation: operation,
			want:      driver.Image{Location: "zone-1", State: driver.StateCreating},
		},
		"named meanwhile": {
			ref:       driver.Ref{Location: "zone-1"},
			operation: operation,
			status:    driver.OperationStatus{ObjectID: "i1"},
			want:      driver.Image{ID: "i1", Location: "zone-1", State: driver.StateCreating},
		},
		"over meanwhile": {
			ref:       driver.Ref{Location: "zone-1"},
			operation: operation,
			status:    driver.OperationStatus{Done: true, ObjectID: "i1"},
			want:      driver.Image{ID: "i1", Location: "zone-1", State: driver.StateReady},
		},
		"failed": {
			ref:       ref,
			operation: operation,
			image:     errNotFound,
			polled:    &driver.Error{Kind: driver.KindFailed, Message: "no file"},
			kind:      driver.KindNotFound,
		},
		"forgotten": {
			ref:       ref,
			operation: operation,
			image:     errNotFound,
			polled:    errNotFound,
			kind:      driver.KindNotFound,
		},
		"operation cannot be read": {
			ref:       ref,
			operation: operation,
			image:     errNotFound,
			polled:    answer(500, "down"),
			kind:      driver.KindUnavailable,
		},
		"no operation":   {ref: ref, image: errNotFound, kind: driver.KindNotFound},
		"nothing at all": {ref: driver.Ref{Location: "zone-1"}, kind: driver.KindNotFound},
		"unreachable": {
			ref:       ref,
			operation: operation,
			image:     answer(503, "down"),
			kind:      driver.KindUnavailable,
		},
		"forbidden": {
			ref:       ref,
			operation: operation,
			image:     answer(http.StatusForbidden, "no"),
			kind:      driver.KindPermission,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, f := newZone(t)
			f.image = func(_ context.Context, ref driver.Ref) (driver.Image, error) {
				return driver.Image{ID: ref.ObjectID, State: driver.StateReady}, test.image
			}
			f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
				return test.status, test.polled
			}
			got, err := c.ImageOf(t.Context(), test.ref, test.operation)
			if test.kind != driver.KindUnknown {
				failed(t, c, err, test.kind, "read image")
				return
			}
			if err != nil || got.Ref() != test.want.Ref() || got.State != test.want.State {
				t.Errorf("got %+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}

// What a finished operation has made may appear a little later; only when it does not is it gone.
func TestImageOf_finishedAndNotVisible(t *testing.T) {
	for name, appears := range map[string]bool{"appears late": true, "is gone": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				began := time.Now()
				f.image = func(context.Context, driver.Ref) (driver.Image, error) {
					if appears && time.Since(began) > 30*time.Second {
						return driver.Image{ID: "i1", State: driver.StateReady}, nil
					}
					return driver.Image{}, errNotFound
				}
				f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
					return driver.OperationStatus{Done: true}, nil
				}
				got, err := c.ImageOf(t.Context(), driver.Ref{ObjectID: "i1"}, driver.Operation{ID: "j1"})
				if appears && (err != nil || got.State != driver.StateReady) {
					t.Errorf("got %+v, %v", got, err)
				}
				if !appears {
					failed(t, c, err, driver.KindNotFound, "read image")
				}
			})
		})
	}
}

func TestIdentifyImage_waitsForTheOperation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newZone(t)
		status := sequence(
			driver.OperationStatus{},
			driver.OperationStatus{ObjectID: "i1"},
			driver.OperationStatus{Done: true, ObjectID: "i1"},
		)
		f.getOperation = func(
			context.Context, driver.Operation,
		) (driver.OperationStatus, error) {
			return status(), nil
		}
		if ref, err := c.IdentifyImage(
			t.Context(), driver.Ref{Location: "zone-1"}, driver.Operation{ID: "j1"},
		); err != nil ||
			ref.ObjectID != "i1" ||
			f.count("GetOperation") != 3 {
			t.Errorf("got %+v, %v after %d polls", ref, err, f.count("GetOperation"))
		}
		f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{}, &driver.Error{Kind: driver.KindFailed, Message: "no file"}
		}
		if ref, err := c.IdentifyImage(
			t.Context(), driver.Ref{ObjectID: "i1"}, driver.Operation{ID: "j1"},
		); err != nil ||
			ref.ObjectID != "i1" {
			t.Errorf("a failed operation may have left an image behind: got %+v, %v", ref, err)
		}
		_, err := c.IdentifyImage(t.Context(), driver.Ref{}, driver.Operation{ID: "j1"})
		failed(t, c, err, driver.KindNotFound, "find image")
		limited, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		f.getOperation = func(context.Context, driver.Operation) (driver.OperationStatus, error) {
			return driver.OperationStatus{}, nil
		}
		_, err = c.IdentifyImage(limited, driver.Ref{ObjectID: "i1"}, driver.Operation{ID: "j1"})
		failed(t, c, err, driver.KindTimeout, "find image")
	})
	c, _ := newPlain(t)
	if ref, err := c.IdentifyImage(
		t.Context(), driver.Ref{ObjectID: "i1"}, driver.Operation{PollObject: true},
	); err != nil ||
		ref.ObjectID != "i1" {
		t.Errorf("got %+v, %v", ref, err)
	}
}

// A refused create tells how full the storage is, where the cloud counts; any other failure, and figures that cannot be
// read, change nothing.
func TestCreateImage_refusedWithFigures(t *testing.T) {
	want := driver.ImageStats{Count: 4, TotalMB: 100, UsedMB: 100}
	tests := map[string]struct {
		status int
		stats  error
		told   bool
	}{
		"full":               {402, nil, true},
		"refused":            {400, nil, true},
		"wrong file":         {415, nil, true},
		"forbidden":          {403, nil, true},
		"conflict":           {409, nil, true},
		"figures fail":       {402, answer(500, "down"), false},
		"wrong credentials":  {401, nil, false},
		"asked for too much": {429, nil, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, f := newPlain(t)
			c.Limits.ImageFile = "Use another file."
			f.createImage = refusesImage(answer(test.status, "no"))
			if test.told || test.stats != nil {
				f.imageStats = func(context.Context) (driver.ImageStats, error) { return want, test.stats }
			}
			_, _, err := c.CreateImage(t.Context(), imageSpec)
			var e *driver.Error
			if !errors.As(err, &e) || e.Status != test.status {
				t.Fatalf("got %v", err)
			}
			if (e.ImageStats != nil) != test.told || (test.told && *e.ImageStats != want) {
				t.Errorf("got the figures %+v", e.ImageStats)
			}
			if (e.Hint == c.Limits.ImageFile) != (test.status == 415) {
				t.Errorf("got the hint %q", e.Hint)
			}
		})
	}
}
