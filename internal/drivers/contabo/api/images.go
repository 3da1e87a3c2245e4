package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/httpx"
)

const imagesPath = "/v1/compute/images"

// Image is a custom or a standard image (Contabo API: ImageResponse, and ListImageResponseData with tags). Sizes are in
// megabytes.
type Image struct {
	ImageID          string   `json:"imageId"`
	Name             string   `json:"name"`
	Description      string   `json:"description"`
	URL              string   `json:"url"`
	SizeMB           *float64 `json:"sizeMb"`
	UploadedSizeMB   *float64 `json:"uploadedSizeMb"`
	OSType           string   `json:"osType"`
	Version          string   `json:"version"`
	Format           string   `json:"format"`
	Status           string   `json:"status"`
	ErrorMessage     string   `json:"errorMessage"`
	StandardImage    bool     `json:"standardImage"`
	CreationDate     string   `json:"creationDate"`
	LastModifiedDate string   `json:"lastModifiedDate"`
	// Tags are present in listings only.
	Tags []Tag `json:"tags"`
}

// Tag is a label of the customer's (Contabo API: AssignedTagResponse).
type Tag struct {
	TagName string `json:"tagName"`
}

// CreateCustomImageRequest is the body of createCustomImage (Contabo API: CreateCustomImageRequest).
type CreateCustomImageRequest struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	URL         string `json:"url"`
	OSType      string `json:"osType"`
	Version     string `json:"version"`
}

// UpdateCustomImageRequest is the body of updateImage (Contabo API: UpdateCustomImageRequest). nil leaves a field
// unchanged.
type UpdateCustomImageRequest struct {
	Name        *string `json:"name,omitempty"`
	Description *string `json:"description,omitempty"`
}

// ImageFilter is the query of retrieveImageList; zero values do not filter.
type ImageFilter struct {
	// Name and Search are parts of the name. Search also matches the operating system.
	Name          string
	StandardImage *bool
	Search        string
}

// ImageStats is the use of the storage for custom images, in megabytes (Contabo API: CustomImagesStatsResponseData).
type ImageStats struct {
	CurrentImagesCount *float64 `json:"currentImagesCount"`
	TotalSizeMB        float64  `json:"totalSizeMb"`
	UsedSizeMB         float64  `json:"usedSizeMb"`
	FreeSizeMB         float64  `json:"freeSizeMb"`
}

// RetrieveImageList yields the standard and custom images that match, page by page (Contabo API: retrieveImageList).
func (c *Client) RetrieveImageList(ctx context.Context, filter ImageFilter) iter.Seq2[[]Image, error] {
	query := url.Values{}
	setFilled(query, "name", filter.Name)
	if filter.StandardImage != nil {
		query.Set("standardImage", strconv.FormatBool(*filter.StandardImage))
	}
	setFilled(query, "search", filter.Search)
	return list[Image](ctx, c, imagesPath, "imageId", query)
}

// CreateCustomImage starts the download of an image and returns its ID, which is the whole answer (Contabo API:
// createCustomImage). Never repeated after an ambiguous failure.
func (c *Client) CreateCustomImage(ctx context.Context, body CreateCustomImageRequest) (id string, err error) {
	made, err := send[Image](
		ctx,
		c,
		httpx.Call{Method: http.MethodPost, Path: imagesPath, Body: body, NonIdempotent: true},
		"",
	)
	return made.ImageID, err
}

// RetrieveImage reads an image (Contabo API: retrieveImage).
func (c *Client) RetrieveImage(ctx context.Context, id string) (Image, error) {
	return get[Image](ctx, c, imagePath(id), id)
}

// UpdateImage changes name and description. The answer contains neither (Contabo API: updateImage).
func (c *Client) UpdateImage(ctx context.Context, id string, body UpdateCustomImageRequest) error {
	_, err := send[Image](ctx, c, httpx.Call{Method: http.MethodPatch, Path: imagePath(id), Body: body}, id)
	return err
}

// DeleteImage deletes a custom image at once (Contabo API: deleteImage).
func (c *Client) DeleteImage(ctx context.Context, id string) error {
	return remove(ctx, c, imagePath(id))
}

// RetrieveCustomImagesStats reads the use of the storage for custom images (Contabo API: retrieveCustomImagesStats).
func (c *Client) RetrieveCustomImagesStats(ctx context.Context) (ImageStats, error) {
	return get[ImageStats](ctx, c, imagesPath+"/stats", "")
}

func (i Image) key() string { return i.ImageID }
func (Image) noun() string  { return "image" }

// key is empty if the answer has no figures.
func (s ImageStats) key() string {
	if s.CurrentImagesCount == nil {
		return ""
	}
	return "stats"
}
func (ImageStats) noun() string { return "figures" }

func imagePath(id string) string { return imagesPath + "/" + url.PathEscape(id) }
